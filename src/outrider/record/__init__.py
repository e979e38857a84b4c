"""What happened: entries of lines, sessions, requests, calls, runs. Pure, standard library only."""
