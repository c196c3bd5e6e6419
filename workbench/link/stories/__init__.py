"""Near-duplicate documents: pairs that share text, how they are related, and the stories they form."""
