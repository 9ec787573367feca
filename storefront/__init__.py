"""What both gateways put in front of the shop: the same routes, the same pages, the same two clients."""
