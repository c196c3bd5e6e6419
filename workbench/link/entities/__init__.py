"""Entity linking: which mentions across documents name the same person, body or place."""
