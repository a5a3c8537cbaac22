#!/bin/sh
# Make the environment of the project: bootstrap.sh PYTHON FOLDER WHAT
# On Debian, `python3 -m venv` needs a package of its own; as root it is installed on the way.
set -eu
python=$1 folder=$2 what=$3

say() { echo "bootstrap: $*"; }
fail() { say "$@" >&2; exit 1; }

command -v "$python" >/dev/null || fail "there is no $python here; install Python 3.11, 3.12 or 3.13"
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' ||
    fail "$("$python" --version) will not do; name a Python 3.11 to 3.13, as in: make PYTHON=python3.11 demo"

make_venv() { rm -rf "$folder" && "$python" -m venv "$folder" >/dev/null; }

install_venv() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    say "installing python3-venv"
    apt-get update -qq || return 1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
}

if ! "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    say "making $folder with $("$python" --version)"
    make_venv || { install_venv && make_venv; } ||
        fail "$python cannot make an environment; on Debian run: sudo apt-get install python3-venv"
fi

say "installing $what (once; some minutes at most)"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check \
    --constraint constraints.txt --editable "$what"
