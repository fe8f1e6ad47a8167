"""What features mean: words, examples, similarity, tests of a claim."""
