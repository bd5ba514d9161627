"""Scoring: facts and a rule pack in, ledger entries and ranked rows out."""
