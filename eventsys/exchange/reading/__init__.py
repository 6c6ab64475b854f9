"""Files into rows: packages looked at before they are opened, workbooks, separated values."""
