"""What the pages of invitations read, by use case."""
