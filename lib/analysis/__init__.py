"""Analysis of features: `similarity` (mmcs), `steering`, examples, scores, statistics."""
