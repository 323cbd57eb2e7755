"""What keeps agents from starting: capacity, pauses, failures, territory, autonomy."""
