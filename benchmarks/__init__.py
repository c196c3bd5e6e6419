"""Measures of speed and accuracy, each a command: `python -m benchmarks.<name>`. Never run by the tests."""
