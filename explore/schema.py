"""The published description of explore.json: its JSON Schema, and docs/explore.md.

`python -m explore.schema` writes both.
"""

from experiment.paths import ROOT
from experiment.results.schema import Description
from explore.model import Exploration

INTRODUCTION = """# explore.json

All that `run_demo.py explore` found. The schema is [explore.schema.json](explore.schema.json) (JSON Schema); the
version is in `schema_version`. Units are in the names: `_s` seconds, `_per_s` a second, `_per_day` a day, `_share` a
part of 1.

This page and the schema are written by `python -m explore.schema`, from explore/model.py.
"""
EXPLORATION = Description(
    Exploration, INTRODUCTION, ROOT / "docs" / "explore.schema.json", ROOT / "docs" / "explore.md"
)

if __name__ == "__main__":
    EXPLORATION.write()
