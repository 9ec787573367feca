"""Where the project is. Standard library only."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
