"""Tasks, and where a project stands."""
