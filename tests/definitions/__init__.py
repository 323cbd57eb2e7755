"""Definitions that are wrong in every way that their schemas know, and a home in which every command meets them."""
