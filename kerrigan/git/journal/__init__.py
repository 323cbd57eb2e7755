"""The branch that a journal is kept on: read, appended by compare-and-swap, cached."""
