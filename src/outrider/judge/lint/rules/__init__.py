"""The rules, a module for each family; each yields findings for a collection."""
