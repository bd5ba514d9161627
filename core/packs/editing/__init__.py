"""Editing: values changed, versions merged and numbered, with the comments and the order somebody gave them kept."""
