"""Word processors' files: Word, OpenDocument, RTF."""
