"""Documents: sandboxed templates become HTML, and a confined child turns HTML into PDF."""
