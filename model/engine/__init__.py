"""The compiled engine: one loop over citizens that calls the rules, serial or on threads."""
