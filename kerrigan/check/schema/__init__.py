"""Documents against JSON Schemas: the verdict, and the words for it."""
