#!/usr/bin/env bash
# process-runs.sh CLASS: whether a JVM with this main class runs in this container. A supervisor listens on no port.
set -euo pipefail

for file in /proc/[0-9]*/cmdline; do
  # A process may end while it is looked at.
  mapfile -d '' -t words 2>/dev/null <"$file" || continue
  case "${words[0]:-}" in
    *java)
      for word in "${words[@]}"; do
        [ "$word" = "$1" ] && exit 0
      done
      ;;
  esac
done
exit 1
