"""The reader of incoming mail under any octets: `python -m tests.fuzz --minutes 10`."""
