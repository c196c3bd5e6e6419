"""Web pages: HTML and pages saved with their pictures."""
