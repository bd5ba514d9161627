"""Fonts: which official documents ask for, which are there, and what characters they have."""
