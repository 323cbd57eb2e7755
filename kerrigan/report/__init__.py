"""Data to text. Pure."""
