"""The project's folder. Standard library only."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
