#!/bin/sh
# Install a hashed lock into /venv, and copy that to /image/venv, the same bytes each time: `install.sh LOCK [LEFT_OUT...]`.
set -eu
lock=$1; shift
pip --python /venv/bin/python install --no-cache-dir --no-compile --require-hashes --no-deps -r "$lock"
[ $# -eq 0 ] || pip --python /venv/bin/python uninstall --yes "$@"
rm -rf /image && mkdir /image && cp -a /venv /image/
sh /containers/reproducible.sh /image
