"""Commands that ask something of a task or a project."""
