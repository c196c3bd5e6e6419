"""A finished page in other forms and other places: PDF, Word, mail, folders and object stores, feeds."""
