"""The published description of storm.json: its JSON Schema, and docs/storm.md.

`python -m storm.schema` writes both.
"""

from experiment.paths import ROOT
from experiment.results.schema import Description
from storm.model import Storm

INTRODUCTION = """# storm.json

All that `run_demo.py storm` measured. The schema is [storm.schema.json](storm.schema.json) (JSON Schema); the version
is in `schema_version`. Units are in the names: `_s` seconds, `_ms` milliseconds, `_per_s` a second, `_share` a part of
1. A series has one entry for each second of the run.

This page and the schema are written by `python -m storm.schema`, from storm/model.py.
"""
STORM = Description(Storm, INTRODUCTION, ROOT / "docs" / "storm.schema.json", ROOT / "docs" / "storm.md")

if __name__ == "__main__":
    STORM.write()
