#!/usr/bin/env bash
# A thousand times, two or three people record at random in clones of one folder, and
# the clones are brought together: by sync, by git merge with the driver, and without
# it, as a git host does it. Nothing may be lost, all clones end the same, and every
# trail is proven. Prints the count and the seed; another seed, other histories.
#     SOAK=200 SOAK_SEED=7 80-merges.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# In memory where there is such a place: what is tried here is merging, not the disk.
if [ -z "${TMPDIR:-}" ] && [ -d /dev/shm ] && [ -w /dev/shm ]; then
  TMPDIR=$(mktemp -d -p /dev/shm)
  export TMPDIR
  trap 'rm -rf "$TMPDIR"' EXIT
fi
cd "$here/../.."
SOAK=${SOAK:-1000} SOAK_SEED=${SOAK_SEED:-4711} go test ./pkg/cli -count=1 -timeout 30m -run 'TestSoak$' -v | sed -n 's/^ *soak[a-z_]*test.go:[0-9]*: //p; /^--- FAIL/,$p; /^ok/p'
