"""Is this paper ours: seals, signatures, and their verification."""
