"""Rendering: from HTML to PDF in confined processes that stay warm, and what is kept, drawn and joined of it."""
