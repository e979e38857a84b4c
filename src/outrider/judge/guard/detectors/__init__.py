"""What stands still: each kind of loop by itself, over the calls that an agent has made."""
