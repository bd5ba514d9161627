"""Rule packs: what one municipality's own rules say, as data."""
