"""PDF files: pages read in a child process, layout, paragraphs."""
