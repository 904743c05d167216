"""How each certificate is laid out: from what it says to blocks on a page."""
