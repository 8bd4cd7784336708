#!/usr/bin/env bash
# http-answers.sh PORT PATH: whether this container answers with 200. Needs bash alone.
set -euo pipefail

exec 3<>"/dev/tcp/127.0.0.1/$1"
printf 'GET %s HTTP/1.0\r\nHost: localhost:%s\r\n\r\n' "$2" "$1" >&3
read -r -t 4 _ status _ <&3
[ "${status%%[!0-9]*}" = 200 ]
