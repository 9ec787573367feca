"""api-gateway-v2, the protected gateway: recommendations may hang, its answers do not."""
