"""Mean-field theory of the model itself: what infinitely many would do, and where it fails."""
