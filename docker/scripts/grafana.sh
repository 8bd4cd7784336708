#!/bin/sh
# Starts Grafana with the password of Redis's reader, which its data source takes from the environment alone.
set -eu

TIDEMARK_REDIS_PASSWORD=$(cat "${READER_PASSWORD_FILE:-/run/secrets/redis-reader-password}")
export TIDEMARK_REDIS_PASSWORD
exec "${GRAFANA:-/run.sh}" "$@"
