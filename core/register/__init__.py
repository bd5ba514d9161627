"""The register of countable facts as people use it: entered by hand with a preview, listed, opened, withdrawn."""
