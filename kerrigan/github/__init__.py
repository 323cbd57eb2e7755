"""The forge that answers from GitHub's API."""
