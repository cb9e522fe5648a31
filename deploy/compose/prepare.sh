#!/bin/sh
# Make what compose.yaml needs and nobody else may know: random secrets and a self-signed certificate.
# What is there stays as it is. Replace tls/ by a real certificate before people use it.
set -eu
umask 077
folder="${1:-$(dirname "$0")/secrets}"
host="${2:-localhost}"
random() { openssl rand -hex 24; }

mkdir -p "$folder/tls"
if [ ! -e "$folder/app.env" ]; then
    database=$(random) store=$(random)
    cat > "$folder/app.env" <<EOF
DATABASE_URL=postgresql://communityshare:$database@postgres:5432/communityshare
JWT_SECRET=$(random)
NOTIFICATIONS_TOKEN=$(random)
S3_ACCESS_KEY_ID=communityshare
S3_SECRET_ACCESS_KEY=$store
SMTP_URL=smtp://mail:1025
EOF
    printf '%s' "$database" > "$folder/postgres_password"
    # One list entry with a comma in it, so the value itself is quoted.
    printf "RCLONE_AUTH_KEY='\"communityshare,%s\"'\n" "$store" > "$folder/store.env"
fi
# Empty until you have one: alerts are then shown in Alertmanager only.
[ -e "$folder/pagerduty_routing_key" ] || : > "$folder/pagerduty_routing_key"
chmod 644 "$folder/pagerduty_routing_key" # Alertmanager reads it as nobody; the folder stays closed
if [ ! -e "$folder/tls/fullchain.pem" ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj "/CN=$host" \
        -addext "subjectAltName=DNS:$host,IP:127.0.0.1" \
        -keyout "$folder/tls/privkey.pem" -out "$folder/tls/fullchain.pem" 2>/dev/null
fi
echo "$folder is ready"
