"""The published description of matrix.json: its JSON Schema, and docs/matrix.md.

`python -m matrix.schema` writes both.
"""

from experiment.paths import ROOT
from experiment.results.schema import Description
from matrix.model import Matrix

INTRODUCTION = """# matrix.json

All that `run_demo.py matrix` measured. The schema is [matrix.schema.json](matrix.schema.json) (JSON Schema); the
version is in `schema_version`, and another version is refused. Units are in the names: `_s` seconds, `_ms`
milliseconds, `_per_s` a second, `_share` a part of 1.

This page and the schema are written by `python -m matrix.schema`, from matrix/model.py.
"""
MATRIX = Description(Matrix, INTRODUCTION, ROOT / "docs" / "matrix.schema.json", ROOT / "docs" / "matrix.md")

if __name__ == "__main__":
    MATRIX.write()
