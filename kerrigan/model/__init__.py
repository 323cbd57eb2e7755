"""The noun: frozen data that the four verbs pass to each other. Standard library only."""
