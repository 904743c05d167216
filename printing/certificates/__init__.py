"""Certificates: the frame all share, the city's letterhead, and each type's layout."""
