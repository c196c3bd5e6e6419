"""Sentiment toward a named target (aspect-based sentiment): features, weights, explanation."""
