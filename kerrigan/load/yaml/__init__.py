"""YAML and JSON to data with places."""
