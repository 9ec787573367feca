"""What both gateways share: routes, pages, and the clients of the two services."""
