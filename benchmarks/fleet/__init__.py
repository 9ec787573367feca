"""`run_demo.py bench --fleet`: three replicas with and without a Redis between them, as real processes."""
