"""The forge made of directories."""
