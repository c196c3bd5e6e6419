"""What changed since the last good run of a report."""
