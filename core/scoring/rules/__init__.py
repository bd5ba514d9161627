"""Rules: what scoring.yaml may say, its words and formulas, checked and compiled into the rule book."""
