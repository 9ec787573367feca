"""control-room, the live page for a lecture hall: it watches both gateways, and has the levers."""
