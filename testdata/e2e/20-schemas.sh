#!/usr/bin/env bash
# Every file is valid by the schema we publish, says ajv.
#     20-schemas.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(realpath "$1")
cd "$here"
node schemas.mjs "$folder"
