"""What is read and written together: the clone, the snapshot, the append, and its effects on the forge."""
