"""From journal lines to state: what each event changes."""
