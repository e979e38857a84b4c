"""A plugin as a whole: its files, its components, and the references between them."""
