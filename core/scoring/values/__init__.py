"""Values: facts, points and periods as plain values, exact and without any rule."""
