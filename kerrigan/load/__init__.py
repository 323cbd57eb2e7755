"""Text to data: documents with positions, projects, webhook payloads. Pure."""
