"""The engine: facts and a rule book in, the ledger and the numbers over it out, column by column."""
