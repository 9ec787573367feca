"""One run: planned, made and recorded, measured, judged by its claims, and kept as data. It uses HTTP only."""
