"""Shape and wording of input, by use case."""
