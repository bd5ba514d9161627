"""Typesetting: the page of GB/T 9704 in numbers, and texts, titles and tables as HTML that keeps to it. No engine."""
