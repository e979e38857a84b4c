"""Sums, prices and the rows that reports show."""
