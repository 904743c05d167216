"""Application forms on A4, filled in or blank."""
