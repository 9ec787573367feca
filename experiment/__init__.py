"""One run: plan, recording, measurements, claims, and the results as data. It talks to services over HTTP only."""
