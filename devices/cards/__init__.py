"""The My Number card: what it holds, how it proves it, and how not to lose a try."""
