"""Measurements: ours beside the floor, in one run, as a ratio."""
