"""Pure renderings: rich text to safe HTML, tables to files."""
