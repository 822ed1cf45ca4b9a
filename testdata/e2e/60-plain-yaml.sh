#!/usr/bin/env bash
# The fast reader of plain YAML and the library read the same: half a minute of
# fuzzing beside the tests that compare them on every file we have.
set -euo pipefail
cd "$(dirname "$0")/../.."
go test -run '^$' -fuzz '^FuzzPlain$' -fuzztime "${FUZZTIME:-30s}" ./pkg/yamldoc
