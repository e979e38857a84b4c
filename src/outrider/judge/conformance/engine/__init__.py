"""Rules at work: each a small automaton that takes one step per event. Standard library only."""
