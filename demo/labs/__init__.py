"""`run_demo.py lab NAME`: the two services of a lab, taken through the steps of its steps.toml."""
