"""Skills as structure: front matter, sections, lists, code, comments, each with its line."""
