"""Bundled plugins: one folder a feature. Delete one and the rest still boots."""
