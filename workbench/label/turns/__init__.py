"""Speaker turns of transcripts: labels, speakers, stage marks."""
