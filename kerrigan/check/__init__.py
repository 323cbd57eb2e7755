"""Documents to diagnostics. Pure."""
