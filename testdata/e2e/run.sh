#!/usr/bin/env bash
# Runs every step of this folder, in order of name, over record folders; the steps
# from 30 on make what they need themselves and run once.
#     run.sh             the sample in ./record, our own data, and a fresh made-up school
#     run.sh FOLDER…     those folders only
# A step is an executable NN-name.sh; it gets one folder, and fails by its exit code.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
"$here/install.sh"

folders=("$@")
if [ "$#" = 0 ]; then
  made=$(mktemp -d)
  trap 'rm -rf "$made"' EXIT
  "$root/bin/sendctl" demo "$made/school"
  folders=("$here/record" "$root/schemas" "$made/school")
fi
export SENDCTL="$root/bin/sendctl"
for folder in "${folders[@]}"; do
  for step in "$here"/[0-2][0-9]-*.sh; do
    printf -- '-- %s %s\n' "$(basename "$step" .sh)" "$(basename "$folder")"
    "$step" "$folder"
  done
done
for step in "$here"/[3-9][0-9]-*.sh; do
  printf -- '-- %s\n' "$(basename "$step" .sh)"
  start=$SECONDS
  "$step"
  echo "   $((SECONDS - start)) s"
done
