"""What a check found, as text, annotations, SARIF and pages."""
