"""The outside world: record files, the store, answers on a screen. Its parts never import each other."""
