"""Commands that show where things stand."""
