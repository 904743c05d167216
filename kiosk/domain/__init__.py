"""What the terminal is about, pure: no Qt, no disk, no clock."""
