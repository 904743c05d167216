"""Devices without hardware, an equal of the real ones: for demo, class and tests."""
