"""What a document states about itself: title, date, place, source, genre, address."""
