"""What every service of the shop does the same way."""
