"""Short cuts: parts of the layout engine replaced by ones that do less work for the same pages."""
