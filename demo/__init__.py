"""The command run_demo.py: its command line, the set-up of .venv, and what each command starts."""
