"""Lines and blocks of a page, and what kind each block is."""
