#!/usr/bin/env bash
# Makes the passwords that compose.yaml hands to the containers, in docker/secrets, unless they are there. The folder is
# yours alone; the files in it can be read by the containers' users.
set -euo pipefail

folder=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/secrets}
umask 077
mkdir -p "$folder"
chmod 700 "$folder"
for name in redis-password redis-reader-password grafana-password; do
  if [ ! -s "$folder/$name" ]; then
    head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$folder/$name"
    echo "made $folder/$name"
  fi
  chmod 444 "$folder/$name"
done
