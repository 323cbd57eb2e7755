"""Git as a store: run it, read and append journals, make worktrees."""
