"""What a skill prescribes."""
