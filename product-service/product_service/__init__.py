"""product-service: the catalogue, the one thing that the shop cannot do without."""
