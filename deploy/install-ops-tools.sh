#!/bin/sh
# Install what `make test-ops` drives, unless it is there: Debian or Ubuntu, as root.
set -eu
missing=""
for pair in nginx:nginx-light openssl:openssl strip:binutils promtool:prometheus amtool:prometheus-alertmanager pgbouncer:pgbouncer; do
    PATH="$PATH:/usr/sbin" command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair##*:}"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "make test-ops needs these Debian packages, and only root may install them: apt-get install$missing" >&2
    exit 1
fi
apt-get update -q
# shellcheck disable=SC2086  # a list of words
DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
