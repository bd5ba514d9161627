"""Submissions: what units send in, from draft to adoption, with every revision kept."""
