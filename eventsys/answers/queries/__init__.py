"""What the pages of answers read."""
