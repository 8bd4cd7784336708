#!/usr/bin/env bash
# port-answers.sh PORT: whether something listens in this container. Needs bash alone.
set -euo pipefail

exec 3<>"/dev/tcp/127.0.0.1/$1"
