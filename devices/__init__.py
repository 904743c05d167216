"""What is plugged in: blocking calls, no threads of its own."""
