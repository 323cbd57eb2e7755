"""What an examination found, as findings."""
