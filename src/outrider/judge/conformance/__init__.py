"""What a workflow prescribes against what a run did."""
