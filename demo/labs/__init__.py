"""`run_demo.py lab NAME`: run the two services of a lab through the steps in its steps.toml."""
