"""No, in words: what stands against a request, and who can clear it."""
