#!/usr/bin/env bash
# The checkers themselves: each must find a fault that is planted for it, or
# their silence above means nothing. Needs no folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

refused() { # refused WHAT TEXT COMMAND…
  local what=$1 text=$2
  shift 2
  printf '%s\n' "$text" >"$dir/x.yaml"
  if "$@" "$dir" >"$dir/out" 2>&1; then
    echo "not found: $what" >&2
    exit 1
  fi
}
refused "a ratio read as a number of minutes" 'ratio: 1:40'   "$here/10-readers.sh"
refused "a code read as no"                   'code: no'      "$here/10-readers.sh"
refused "a number read as octal"              'upn: 0123'     "$here/10-readers.sh"
refused "a time of day"                       'at: 2025-09-29 10:00:00' "$here/10-readers.sh"
refused "a file without a format"             'learner: bk7m2xqt'       "$here/20-schemas.sh"
refused "a misspelt key" 'format: people/v1
people: [{id: eyre, name: "M. Eyre", rôle: senco}]'           "$here/20-schemas.sh"
refused "a day not in the calendar" 'format: profile/v1
learner: bk7m2xqt
version: 1
made: 2026-02-30'                                             "$here/20-schemas.sh"
rm "$dir/x.yaml" "$dir/out"
for step in 10-readers 20-schemas; do
  if "$here/$step.sh" "$dir" >/dev/null 2>&1; then
    echo "$step found nothing to check and said that all is well" >&2
    exit 1
  fi
done
echo "the checkers find what is planted for them"
