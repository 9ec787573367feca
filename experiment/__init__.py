"""What run_demo.py runs: the shop's processes, the load, the accounting, the report. It talks to services over HTTP."""
