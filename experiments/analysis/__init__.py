"""From a sweep's table to answers: summaries, phase diagrams, sensitivity."""
