#!/usr/bin/env python3
"""The demonstration's one command: `python3 run_demo.py --help`. It needs Python and nothing else."""

import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - this line is what an older Python gets to see
    sys.stderr.write("run_demo.py needs Python 3.11 or newer; this is {}.{}\n".format(*sys.version_info))
    sys.exit(3)
if sys.platform == "win32":
    sys.stderr.write("run_demo.py needs Linux or macOS; on Windows, run it in WSL\n")
    sys.exit(3)

sys.path.insert(0, str(Path(__file__).resolve().parent))  # even where PYTHONSAFEPATH is set

if __name__ == "__main__":  # a process of a search imports this file as well
    try:
        from demo.cli import main

        sys.exit(main())
    except KeyboardInterrupt:  # so early that nothing has been started
        sys.exit(130)
