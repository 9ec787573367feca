"""recommendations-service: related products, which nobody needs, and the faults of the demonstration."""
