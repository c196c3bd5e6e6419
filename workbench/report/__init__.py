"""Reports: notebook in, page that can be mailed out. The only door to papermill and nbconvert."""
