"""Files: a pack as one signed file, made the same everywhere and opened believing nothing it says of itself."""
