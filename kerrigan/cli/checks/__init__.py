"""Commands about files: check, its rules, the graph of tasks."""
