"""Say in sentences what a table shows."""
