"""Values to text: tables, screens, JSON."""
