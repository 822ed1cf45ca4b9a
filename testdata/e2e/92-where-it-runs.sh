#!/usr/bin/env bash
# validate where it runs: pre-commit, really installed; the action, its steps run as
# GitHub's runner does; the template, by gitlab-ci-local. Each with a good folder, a bad
# one, and one that is not there. Needs no folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
: "${SENDCTL:=$root/bin/sendctl}"
"$here/outputs/install.sh"
# Another HOME, but the modules, what was built, and how modules are fetched stay the same.
export GOFLAGS=-buildvcs=false # pre-commit runs in the middle of a commit, where git status of another folder fails
for name in GOMODCACHE GOCACHE GOPROXY GOSUMDB GOTOOLCHAIN GOFLAGS; do
  value=$(go env "$name")
  export "$name=$value"
done
mod=github.com/sendctl/sendctl
work=$(mktemp -d)
clean() {
  local kept
  for kept in "$GOMODCACHE/$mod"@v0.0.1-e2e.* "$GOMODCACHE/cache/download/$mod/@v"; do
    if [ -e "$kept" ]; then chmod -R u+w "$kept"; rm -rf "$kept"; fi
  done
  chmod -R u+w "$work"
  rm -rf "$work"
}
trap clean EXIT
export HOME=$work/home GIT_CONFIG_NOSYSTEM=1 TZ=UTC
unset XDG_CONFIG_HOME
mkdir "$HOME"
git config --global user.name "M. Eyre"
git config --global user.email eyre@thornelaw.example
git config --global gc.auto 0
git config --global init.defaultBranch main

fail() {
  printf 'failed: %s\n' "$*" >&2
  if [ -s "$work/said" ]; then sed 's/^/  it said: /' "$work/said" >&2; fi
  exit 1
}
code() { # code WANT COMMAND…: the command ends with this code
  local want=$1 got=0
  shift
  "$@" >"$work/said" 2>&1 || got=$?
  [ "$got" = "$want" ] || fail "code $got, not $want: $*"
}
says() { grep -qF -- "$1" "$work/said" || fail "nothing is said of: $1"; }
quiet() { if grep -rlF Quillfeather "$work/said" "$@"; then fail "a word of the record is in a log or a report"; fi; }

# A repository with a record folder in pupils; bad has a fault in it, all of it committed.
"$SENDCTL" demo "$work/school" >/dev/null 2>&1
mkdir -p "$work/good/pupils"
(cd "$work/school" && tar cf - --exclude ./.git .) | tar xf - -C "$work/good/pupils"
git -C "$work/good" init -q
git -C "$work/good" add -A
git -C "$work/good" commit -q -m "Begin"
cp -r "$work/good" "$work/bad"
sheet=$(cd "$work/bad" && find pupils/learners -name learner.yaml | sort | head -1)
sed -i 's/^joined: .*/joined: Quillfeather/' "$work/bad/$sheet"
git -C "$work/bad" commit -q -am "Spoil"
# known has one that its baseline holds.
cp -r "$work/good" "$work/known"
sed -i 's/^team: .*/team: {responsible_teacher: nobody}/' "$work/known/$sheet"
code 0 "$SENDCTL" --no-input -C "$work/known/pupils" validate --write-baseline ../known.json
git -C "$work/known" add known.json
git -C "$work/known" commit -q -am "Know"

# --- pre-commit: the hook is built from this very state.
mkdir "$work/hooks"
(cd "$root" && git ls-files -z --cached --others --exclude-standard -- .pre-commit-hooks.yaml go.mod go.sum cmd pkg schemas examples | tar cf - --null -T - ) | tar xf - -C "$work/hooks"
git -C "$work/hooks" init -q
git -C "$work/hooks" add -A
git -C "$work/hooks" commit -q -m "Hooks"
rev=$(git -C "$work/hooks" rev-parse HEAD)
pre-commit validate-manifest "$work/hooks/.pre-commit-hooks.yaml" || fail "pre-commit refuses the hooks"
export PRE_COMMIT_HOME=$work/pre-commit
uses() { # uses FOLDER ARGS: a configuration in which both hooks look at a folder
  cat >"$1/.pre-commit-config.yaml" <<END
repos:
  - repo: file://$work/hooks
    rev: $rev
    hooks:
      - {id: sendctl-validate, args: $2}
      - {id: sendctl-validate-folder, args: $2, stages: [manual]}
END
  git -C "$1" add .pre-commit-config.yaml
}
for folder in good bad; do uses "$work/$folder" '[-C, pupils]'; done
cd "$work/good"
code 0 pre-commit install
printf '\n' >>"pupils/people.yaml"
code 0 git commit -a -m "Change nothing that matters"
says "Passed"
code 0 pre-commit run --all-files --hook-stage manual sendctl-validate-folder
# What is staged counts, and not what lies there; a sealed file may not go.
sed -i 's/^joined: .*/joined: Quillfeather/' "$sheet"
git add "$sheet"
git -C . show "HEAD:$sheet" >"$sheet"
code 1 git commit -m "Spoil"
says "joined: "
quiet
git reset -q --hard
gone=$(find pupils/learners -path '*/cycles/*.yaml' | sort | head -1)
git rm -q "$gone"
code 1 git commit -m "Lose a cycle"
says "$(basename "$gone" .yaml | sed 's/.*-//')"
git reset -q --hard
cd "$work/bad"
code 1 pre-commit run --all-files --hook-stage manual sendctl-validate-folder
says "${sheet#pupils/}:"
quiet
uses "$work/bad" '[-C, nowhere]'
code 1 pre-commit run sendctl-validate
says "nowhere"
uses "$work/bad" '[]'
code 1 pre-commit run sendctl-validate
says "exit code: 4"
git -C "$work/bad" reset -q --hard
git -C "$work/bad" clean -qfdx

# --- The action.
action=$root/.github/actions/validate/action.yml
node "$here/outputs/action.mjs" "$action" || fail "GitHub refuses the action"
sed 's/using: composite/using: composit/' "$action" >"$work/action.yml"
if node "$here/outputs/action.mjs" "$work/action.yml" 2>/dev/null; then fail "what GitHub refuses is not found"; fi
run() { # run WANT FOLDER [INPUT=VALUE…]: in a checkout of the last commit alone, as actions/checkout makes it; all=--no-local has the whole history
  local want=$1 folder=$2
  shift 2
  rm -rf "$work/checkout" "$work/temp"
  git clone -q ${all:---depth 1} "file://$work/$folder" "$work/checkout"
  mkdir "$work/temp"
  code "$want" "$here/python" "$here/outputs/run-action.py" "$action" "$work/checkout" "$work/temp" "$@"
}
output() { node -p 'JSON.parse(require("fs").readFileSync(process.argv[1]))[process.argv[2]]' "$work/temp/outputs.json" "$1"; }
run 0 good path=pupils "binary=$SENDCTL"
[ "$(output exit-code)" = 0 ] || fail "the good folder has the exit code $(output exit-code)"
if grep -q '^::' "$work/said"; then fail "the good folder has annotations"; fi
grep -q '"results": \[\]' "$(output sarif-file)" || fail "the good folder has results"
run 1 bad path=pupils "binary=$SENDCTL"
says "::error file=$sheet,line="
[ "$(output exit-code)" = 1 ] || fail "the bad folder has the exit code $(output exit-code)"
grep -qF "\"uri\": \"$sheet\"" "$(output sarif-file)" || fail "the SARIF file does not name the file from the top"
quiet "$work/temp"
run 1 bad path=pupils "binary=$SENDCTL" sarif-file=findings.sarif
[ "$(output sarif-file)" = "$work/checkout/findings.sarif" ] || fail "the SARIF file is at $(output sarif-file)"
run 1 known path=pupils "binary=$SENDCTL"
run 0 known path=pupils "binary=$SENDCTL" baseline=../known.json
run 3 known path=pupils "binary=$SENDCTL" baseline=../unknown.json
run 3 good path=nowhere "binary=$SENDCTL"
says "::error title=sendctl::The record folder could not be checked"
[ "$(output sarif-file)" = "" ] || fail "there is a SARIF file of a folder that is not there"
run 4 good "binary=$SENDCTL"
run 2 good path=pupils "binary=$SENDCTL" fail-on=eror
run 3 good path=pupils "binary=$work/nothing"
# shellcheck disable=SC2016 # it must not be run
run 3 good 'path=$(touch ran)' "binary=$SENDCTL"
[ ! -e "$work/checkout/ran" ] || fail "an input was run"

# A record that was taken away, and that committed: seen where the whole history is.
cp -r "$work/school" "$work/taken"
git -C "$work/taken" rm -rq "learners/$(find "$work/taken/learners" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | head -1)"
git -C "$work/taken" commit -q --no-verify -m "Take away"
all=--no-local run 0 school "binary=$SENDCTL"
says "Proven"
all=--no-local run 1 taken "binary=$SENDCTL"
says "were taken away"
all=--no-local run 0 taken "binary=$SENDCTL" history=false
run 0 taken "binary=$SENDCTL"
says "The history was not proven"

# go install, from a proxy that holds this state as a version of its own.
version=v0.0.1-e2e.$rev
mkdir -p "$work/proxy/$mod/@v"
cp "$work/hooks/go.mod" "$work/proxy/$mod/@v/$version.mod"
echo "$version" >"$work/proxy/$mod/@v/list"
printf '{"Version":"%s","Time":"2026-01-01T00:00:00Z"}' "$version" >"$work/proxy/$mod/@v/$version.info"
git -C "$work/hooks" archive --format=zip --prefix="$mod@$version/" -o "$work/proxy/$mod/@v/$version.zip" HEAD
GOPROXY="file://$work/proxy,$GOPROXY" GONOSUMDB=$mod run 1 bad path=pupils "version=$version"
says "::error file=$sheet,line="
GOPROXY="file://$work/proxy" GONOSUMDB=$mod run 1 bad path=pupils version=v9.9.9
if grep -q '^::error file' "$work/said"; then fail "something was checked without sendctl"; fi

# --- The template.
local_ci() { (cd "$work/pipeline" && "$here/outputs/node_modules/.bin/gitlab-ci-local" --force-shell-executor --no-color --variable "CI_PROJECT_DIR=$work/pipeline" "$@"); }
pipeline() { # pipeline WANT FOLDER [VARIABLE=VALUE…]
  local want=$1 folder=$2 v
  shift 2
  rm -rf "$work/pipeline"
  git clone -q ${all:---depth 1} "file://$work/$folder" "$work/pipeline"
  cp "$root/.gitlab/validate.gitlab-ci.yml" "$work/pipeline/"
  {
    printf 'include: [{local: /validate.gitlab-ci.yml}]\nvariables:\n'
    for v in "SENDCTL_BINARY=$SENDCTL" "$@"; do printf '  %s: "%s"\n' "${v%%=*}" "${v#*=}"; done
  } >"$work/pipeline/.gitlab-ci.yml"
  git -C "$work/pipeline" add -A
  code "$want" local_ci
}
report() { find "$work/pipeline" -name "$1" | head -1; }
pipeline 0 good SENDCTL_PATH=pupils
says "no fault"
pipeline 1 bad SENDCTL_PATH=pupils
says "joined: "
grep -q "\"path\": \"$sheet\"" "$(report sendctl-codequality.json)" || fail "the code quality report does not name the file from the top"
grep -q '<failure ' "$(report sendctl-junit.xml)" || fail "no test failed"
[ -s "$(report sendctl.sarif)" ] || fail "no SARIF file is kept"
rm -rf "$work/kept"
cp -r "$(dirname "$(report sendctl.sarif)")" "$work/kept"
quiet "$work/kept/"sendctl*
pipeline 0 known SENDCTL_PATH=pupils SENDCTL_BASELINE=../known.json
pipeline 1 good SENDCTL_PATH=nowhere
says "nowhere"
pipeline 1 good
pipeline 1 good SENDCTL_PATH=pupils SENDCTL_FAIL_ON=eror
all=--no-local pipeline 0 school
says "Proven"
all=--no-local pipeline 1 taken
says "were taken away"
all=--no-local pipeline 0 taken SENDCTL_HISTORY=false
pipeline 0 taken
says "The history was not proven"
code 0 local_ci --list
sed -i 's/^  stage: test/  stagee: test/' "$work/pipeline/validate.gitlab-ci.yml"
code 1 local_ci --list
echo "   green where there is no fault, red where there is one or nothing to check"
