"""Templating: a format's template filled with plain data in a sandbox, and what goes wrong with it said in Chinese."""
