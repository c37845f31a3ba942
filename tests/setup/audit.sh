#!/bin/sh
# Asks the public databases whether what we install has known holes; usage: audit.sh VENV.
# Says "not run" and ends with 3 when a database could not be reached: silence is not safety.
set -u
venv=$1
status=0

"$venv/bin/python" -m pip --disable-pip-version-check --quiet install --constraint constraints.txt pip-audit 2>/dev/null ||
    { echo "audit of Python packages: not run (pip-audit could not be installed)"; exit 3; }
# A release with a hole that everybody knows: a database that does not know it knows nothing.
canary=$(mktemp)
echo "jinja2==2.10" >"$canary"
"$venv/bin/pip-audit" --requirement "$canary" --no-deps --disable-pip --progress-spinner off 2>&1 | grep -q "^Found " ||
    { echo "audit of Python packages: not run (its database did not answer)"; status=3; }
rm -f "$canary"
[ $status -eq 3 ] || { said=$("$venv/bin/pip-audit" --requirement constraints.txt --no-deps --disable-pip --progress-spinner off 2>&1)
case $? in
    0) echo "audit of Python packages: no known holes" ;;
    1) if printf '%s' "$said" | grep -q "^Found "; then
           printf '%s\n' "$said"; status=1
       else
           echo "audit of Python packages: not run (its database did not answer)"; status=3
       fi ;;
    *) echo "audit of Python packages: not run (its database did not answer)"; status=3 ;;
esac; }

if command -v npm >/dev/null 2>&1; then
    folder=$(mktemp -d)
    cp package.json "$folder"
    if (cd "$folder" && npm install --silent --package-lock-only --omit=dev >/dev/null 2>&1); then
        said=$(cd "$folder" && npm audit --omit=dev 2>&1) && echo "audit of front-end packages: no known holes" || {
            if printf '%s' "$said" | grep -q "Severity:"; then printf '%s\n' "$said"; status=1
            else echo "audit of front-end packages: not run (its database did not answer)"; [ $status -eq 1 ] || status=3; fi; }
    else
        echo "audit of front-end packages: not run (the registry did not answer)"; [ $status -eq 1 ] || status=3
    fi
    rm -rf "$folder"
else
    echo "audit of front-end packages: not run (npm is not here)"; [ $status -eq 1 ] || status=3
fi
exit $status
