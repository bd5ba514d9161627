"""Content: what a rule pack is, file by file: a manifest, sections that check themselves, the papers behind them."""
