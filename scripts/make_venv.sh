#!/bin/sh
# Make a virtual environment with the locked dependencies and this project in it.
# usage: make_venv.sh PYTHON VENV LOCKFILE
set -eu
python=$1 venv=$2 lock=$3

newest() {
    for candidate in "$python" python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate" # its path: uv would look for a bare name in its own places too
            return
        fi
    done
    echo "Outrider needs Python 3.11 or newer: none was found (make run PYTHON=/path/to/python)" >&2
    return 1
}

chosen=$(newest)
if command -v uv >/dev/null 2>&1; then
    [ -x "$venv/bin/python" ] || uv venv --quiet --python "$chosen" "$venv"
    VIRTUAL_ENV=$venv uv pip install --quiet --require-hashes -r "$lock"
    VIRTUAL_ENV=$venv uv pip install --quiet --no-deps --no-build-isolation --editable .
else
    [ -x "$venv/bin/python" ] || "$chosen" -m venv "$venv"
    # uv makes environments without pip, and it may be gone since.
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip >/dev/null
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
fi
