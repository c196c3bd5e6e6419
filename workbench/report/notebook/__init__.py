"""Notebooks without a person: parameters, kernels, execution."""
