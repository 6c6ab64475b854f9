"""How fast the product is, beside the fastest that its libraries allow. `python -m tests.bench`."""
