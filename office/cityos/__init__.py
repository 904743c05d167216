"""What the city's data platform hears from the office, and what it tells us."""
