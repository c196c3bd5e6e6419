"""Named entities: spaCy's model, rules that complete it, and one reading of a name a document."""
