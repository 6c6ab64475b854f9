"""What each row of a file means for the record: new, changed, unchanged, to be asked about, or refused and why."""
