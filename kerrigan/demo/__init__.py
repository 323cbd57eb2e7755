"""The story of 'kerrigan demo'."""
