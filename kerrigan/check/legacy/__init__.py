"""What Milestones 1 to 6 asked for."""
