"""SQLite: facts, what is derived from them, and questions to both."""
