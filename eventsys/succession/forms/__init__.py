"""Forms of this room: shape and wording of input."""
