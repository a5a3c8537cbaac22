#!/bin/sh
# Make the environment of the project: bootstrap.sh PYTHON FOLDER WHAT
# On Debian, `python3 -m venv` needs a package of its own; as root it is installed on the way.
set -eu
python=$1 folder=$2 what=$3

command -v "$python" >/dev/null || { echo "bootstrap: no $python here; install Python 3.11 or newer" >&2; exit 1; }
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || {
    echo "bootstrap: $("$python" --version) will not do; name a Python 3.11 to 3.13: make PYTHON=python3.11 …" >&2
    exit 1
}

if [ ! -x "$folder/bin/pip" ]; then
    echo "bootstrap: making $folder"
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            echo "bootstrap: installing python3-venv"
            apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
        else
            echo "bootstrap: $python has no ensurepip; run: sudo apt-get install python3-venv" >&2
            exit 1
        fi
    fi
    rm -rf "$folder"
    "$python" -m venv "$folder"
fi

echo "bootstrap: installing $what"
"$folder/bin/pip" install --quiet --disable-pip-version-check --constraint constraints.txt --editable "$what"
