#!/usr/bin/env bash
# Every document of the YAML test suite as a record file: as the setting, the people, a
# cycle and a file with no place of its own. sendctl never crashes or hangs, never calls
# one sound, and tells of what is no YAML in the line where a YAML reader stops, or the
# one beside it. What it finds no fault of YAML in, every reader reads alike.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
sendctl=${SENDCTL:-$here/../../bin/sendctl}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
home=$HOME
export HOME=$dir/home XDG_CONFIG_HOME=$dir/home/.config GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME="M. Eyre" GIT_AUTHOR_EMAIL=eyre@thornelaw.example GIT_COMMITTER_NAME="M. Eyre" GIT_COMMITTER_EMAIL=eyre@thornelaw.example
mkdir -p "$HOME"
"$sendctl" init "$dir/records" --no-input --name "Thornelaw Academy" --phase all-through --la 929 --estab 0000 --id eyre >/dev/null
cp -r "$here/record/learners" "$dir/records"
(cd "$here" && node suite.mjs "$dir/suite")
(cd "$here" && node suite-run.mjs "$sendctl" "$dir/records" "$dir/suite" "$dir/alike")
HOME=$home "$here/10-readers.sh" "$dir/alike" # which builds a program, and has its cache there
