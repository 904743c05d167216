"""Whatever sees codes: a serial scanner, one that types, a camera's frames, a file."""
