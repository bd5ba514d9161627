"""Wording: the values of a pack, and what changed between two versions, said in plain Chinese."""
