"""Compare what the workbench finds in example corpora with their planted truth."""
