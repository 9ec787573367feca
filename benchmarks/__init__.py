"""What the guard of api-gateway-v2 costs and does, compared with its peers: `run_demo.py bench [--quick]`."""
