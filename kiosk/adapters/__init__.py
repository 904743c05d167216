"""What the use cases reach through ports; one library, one home."""
