"""A made configuration folder with known totals, and the readers and comparisons around it.

``generator`` writes transcripts of the shapes (and the damage) that real clients leave behind and
books what is true about them while it writes. ``plain_reader`` is a second opinion that only reads.
``compare`` holds a report against the truth. Nothing here imports the product.
"""
