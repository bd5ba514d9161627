"""The kernel: people, units, submissions, countable facts, rule packs, scoring and documents."""
