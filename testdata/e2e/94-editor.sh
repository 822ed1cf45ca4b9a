#!/usr/bin/env bash
# An editor that knows YAML checks every kind of file by its own schema, at the right
# line: the language server itself, asked as an editor asks it. So does one in a folder
# that an older sendctl made, once doctor has brought it up to date.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
sendctl=${SENDCTL:-$here/../../bin/sendctl}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export HOME=$dir/home XDG_CONFIG_HOME=$dir/home/.config GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME="M. Eyre" GIT_AUTHOR_EMAIL=eyre@thornelaw.example GIT_COMMITTER_NAME="M. Eyre" GIT_COMMITTER_EMAIL=eyre@thornelaw.example
mkdir -p "$HOME"

"$sendctl" init "$dir/new" --no-input --name "Thornelaw Academy" --phase all-through --la 929 --estab 0000 --id eyre >/dev/null
cp -r "$dir/new" "$dir/old"
# One file of every kind; the shape is what is asked for here, not what rules say of them.
cp -r "$here"/record/{learners,keys,removals} "$dir/new"
(cd "$here" && node editor.mjs "$dir/new")

cd "$dir/old"
git rm -q .sendctl/schemas/readings.schema.json
printf '{"editor.fontSize": 14, "yaml.schemas": {"./.sendctl/schemas/decision.schema.json": ["learners/*/requests/*-decision.yaml"]}}\n' >.vscode/settings.json
git -c core.hooksPath=/dev/null commit -qam "As an older sendctl left it"
"$sendctl" doctor | grep -q "an older sendctl made"
"$sendctl" doctor --fix | grep -q "up to date\|every kind of file now"
grep -q '"editor.fontSize": 14' .vscode/settings.json
cmp .sendctl/schemas/readings.schema.json "$dir/new/.sendctl/schemas/readings.schema.json"
diff <(node -p 'JSON.stringify(JSON.parse(require("fs").readFileSync(".vscode/settings.json"))["yaml.schemas"])') \
  <(cd ../new && node -p 'JSON.stringify(JSON.parse(require("fs").readFileSync(".vscode/settings.json"))["yaml.schemas"])')
test -z "$(git status --porcelain)"
