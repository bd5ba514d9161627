"""YAML as packs may write it: strict, bounded, every value with its line."""
