"""Sample records: a small configuration folder that shows every feature."""
