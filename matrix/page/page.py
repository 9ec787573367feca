"""stub"""

from pathlib import Path
from matrix.model import Matrix


def write_page(path: Path, matrix: Matrix) -> None:
    path.write_text("x")
