"""api-gateway-v2, the protected gateway: it answers even when the recommendations service hangs."""
