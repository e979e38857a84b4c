"""What the guard would have done in a recorded session."""
