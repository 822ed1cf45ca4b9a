#!/usr/bin/env bash
# Every file means the same in every YAML: PyYAML (YAML 1.1), js-yaml 4,
# js-yaml 5 and sendctl itself read the same values, dates as ISO text.
#     10-readers.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(realpath "$1")
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
"$here/python" "$here/readers/py-read.py" "$1" >"$out/PyYAML"
for library in js-yaml js-yaml-5; do
  node "$here/readers/js-read.mjs" "$library" "$1" >"$out/$library"
  diff -u "$out/PyYAML" "$out/$library"
done
(cd "$here" && go run ./readers/goread "$folder") >"$out/sendctl"
diff -u "$out/PyYAML" "$out/sendctl"
echo "$(wc -l <"$out/PyYAML") files read alike by PyYAML, js-yaml 4, js-yaml 5 and sendctl"
