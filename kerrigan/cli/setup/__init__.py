"""Commands that set a repository up, or find out whether it is."""
