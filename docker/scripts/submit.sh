#!/usr/bin/env bash
# Submits the topology; further options go to it. A topology that runs already is left alone, so that this can be run
# again at each start; `submit.sh replace` ends it first, and counting goes on from the marks.
set -euo pipefail

name=${TIDEMARK_TOPOLOGY:-tidemark-wiki}
patience=${TIDEMARK_PATIENCE:-60}
jars=("${TIDEMARK_JARS:-/opt/tidemark}"/tidemark-topology-*.jar)

if [ "${1:-}" = replace ]; then
  shift
  storm kill "$name" -w 5 || echo "submit.sh: $name did not run"
fi

deadline=$((SECONDS + patience))
while :; do
  if said=$(storm jar "${jars[0]}" io.tidemark.submit.Submit --name "$name" "$@" 2>&1); then
    printf '%s\n' "$said"
    exit 0
  fi
  case "$said" in
    *"there is a topology $name already"*)
      if [ "$SECONDS" -lt "$deadline" ] && storm list 2>/dev/null | grep -q "^$name .*KILLED"; then
        sleep 2 # it is on its way out
        continue
      fi
      echo "submit.sh: $name runs already; to replace it: submit.sh replace"
      exit 0
      ;;
  esac
  printf '%s\n' "$said" >&2
  exit 1
done
