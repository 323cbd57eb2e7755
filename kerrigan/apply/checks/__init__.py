"""A check of files: what it reads, what it looks up elsewhere, what it caches, what it fixes."""
