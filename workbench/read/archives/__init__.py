"""Archives and web archives: each member is read as the file it is."""
