"""api-gateway-v1, the naive gateway: it waits for every dependency for as long as it takes."""
