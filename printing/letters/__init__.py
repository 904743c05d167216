"""How a registered character gets its shape on paper and screen, or is refused."""
