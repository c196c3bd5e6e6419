"""The files that a new project starts with: its page, settings, notebooks and an example job."""
