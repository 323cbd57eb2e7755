"""State and request to decision. Pure: no clock, no I/O, no randomness."""
