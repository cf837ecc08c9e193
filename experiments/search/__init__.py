"""Looking for parameters: those that make a measure largest, and those that fit what is known."""
