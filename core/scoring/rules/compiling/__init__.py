"""Reading the parts of a rule set as written into what the engine runs, with every slip reported at its place."""
