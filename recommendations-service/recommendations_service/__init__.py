"""recommendations-service: related products, which nobody needs, and the faults that the demonstration puts in."""
