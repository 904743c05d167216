"""What the terminal does for people: one verb per file."""
