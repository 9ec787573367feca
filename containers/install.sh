#!/bin/sh
# Install a hashed lock into /venv, and copy that to /image/venv, the same bytes each time: `install.sh LOCK`.
set -eu
pip --python /venv/bin/python install --no-cache-dir --no-compile --require-hashes --no-deps -r "$1"
rm -rf /image && mkdir /image && cp -a /venv /image/
sh /containers/reproducible.sh /image
