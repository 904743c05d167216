"""What a paper says: data in, bytes out; it never talks to a printer."""
