#!/usr/bin/env bash
# Measures sendctl beside git on this machine: whole processes, in turn, on the
# same invented record folders.
#     run.sh                     everything; the big folders take some minutes and 3 GB
#     run.sh -only start,review  some parts (start, review, commits, log, read, validate, verify, census)
#     run.sh -most 300           leave out folders of more learners than this
#     run.sh -only census -most 100000
#                                with a folder of 100,000 learners, 5 GB on the disk
#     run.sh -keep DIR           keep the made folders in DIR, and use those there
#     run.sh -only validate -modules DIR/node_modules -kubeconform PROGRAM
#                                beside ajv (npm install ajv ajv-formats js-yaml) and
#                                kubeconform (go install github.com/yannh/kubeconform/cmd/kubeconform@v0.6.7)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
cd "$root"
export CGO_ENABLED=0
go build -buildvcs=false -trimpath -ldflags "-s -w" -o "$tools/" ./cmd/sendctl ./cmd/genrecords
go build -o "$tools/bench" ./testdata/bench
"$tools/bench" -tools "$tools" -review "$here/review.yaml" -here "$here" "$@"
