"""The engine: what runs in confined processes, where WeasyPrint lays pages out and plugins convert them.

Nothing of it is imported by the web process but `wire`, the conversation; `core.documents.rendering` starts it by name.
"""
