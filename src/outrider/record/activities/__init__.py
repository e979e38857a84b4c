"""What calls mean: the vocabulary of activities, and the calls of a session read in it."""
