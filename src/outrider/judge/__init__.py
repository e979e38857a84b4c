"""What it means: attribution and metrics. Pure, standard library only."""
