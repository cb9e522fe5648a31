#!/bin/sh
# Install what `make test-ops` drives, unless it is there: Debian or Ubuntu, as root or with sudo.
set -eu
missing=""
for pair in nginx:nginx-light strip:binutils promtool:prometheus amtool:prometheus-alertmanager; do
    command -v "${pair%%:*}" >/dev/null || PATH="$PATH:/usr/sbin" command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair##*:}"
done
[ -z "$missing" ] && exit 0
as_root="$([ "$(id -u)" = 0 ] || echo sudo)"
$as_root apt-get update -q
# shellcheck disable=SC2086  # a list of words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
