"""Files, what is written in them, and what a check may find."""
