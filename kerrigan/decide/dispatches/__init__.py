"""Dispatches to other repositories: which are needed, and how far each has come."""
