"""The demo: an invented city with a year of work, done through the same services people use."""
