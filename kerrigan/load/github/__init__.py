"""What GitHub sends, and what people ask for there. Nothing of it is trusted."""
