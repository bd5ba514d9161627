"""Accounts: offices, units, people, their roles, and signing in."""
