"""Quotations and indirect speech: who says what, by which reporting verb."""
