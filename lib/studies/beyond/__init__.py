"""Chapter 6: questions that came after the five studies, asked of this book's own dictionaries."""
