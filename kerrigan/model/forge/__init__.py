"""What a forge says: accounts, issues, facts, health."""
