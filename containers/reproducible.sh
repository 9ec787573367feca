#!/bin/sh
# Compile the code in a folder, which will be the root of an image, and date all of it SOURCE_DATE_EPOCH.
# The byte code knows no time either, and is not held against its source when it is loaded.
set -eu
PYTHONHASHSEED=0 python -m compileall -q -s "$1" --invalidation-mode unchecked-hash "$1"
find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
