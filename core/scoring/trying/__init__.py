"""Trying rules out: a pack's own examples, files of facts, past periods under another version."""
