"""The clerk's pages: dense, and driven by the keyboard."""
