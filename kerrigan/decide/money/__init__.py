"""What work costs, and what the caps allow."""
