"""What takes too long for every change: run by hand, or by a schedule."""
