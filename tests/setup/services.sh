#!/bin/sh
# Installs the real servers that tests use, where apt-get and root are there. SERVICES=no refuses.
set -u

found() { # command: on the PATH, or where Debian puts servers
    command -v "$1" >/dev/null 2>&1 && return 0
    for place in /usr/sbin/"$1" /usr/lib/postgresql/*/bin/"$1"; do
        [ -x "$place" ] && return 0
    done
    return 1
}

missing=""
found mosquitto || missing="$missing mosquitto"
found mosquitto_sub || missing="$missing mosquitto-clients"
found influxd || missing="$missing influxdb"
found initdb || missing="$missing postgresql"
found chromium || missing="$missing chromium"
[ -z "$missing" ] && exit 0

if [ "${SERVICES:-yes}" = no ]; then
    echo "Not installing$missing (SERVICES=no): their tests will be skipped." >&2
elif ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
    echo "Not installing$missing (apt-get and root are needed): their tests will be skipped." >&2
else
    echo "Installing$missing with apt-get; SERVICES=no refuses this …" >&2
    # shellcheck disable=SC2086 - a list of packages
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } \
        >&2 2>/dev/null || echo "apt-get could not install$missing: their tests will be skipped." >&2
fi
exit 0
