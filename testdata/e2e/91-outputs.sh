#!/usr/bin/env bash
# What others make of our reports: Microsoft's SARIF checker with GitHub's own demands,
# xmllint with Jenkins's schema and two readers of JUnit, GitHub's toolkit, GitLab's schema.
# A word planted in the record comes up in none of them. Needs no folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${SENDCTL:=$(cd "$here/../.." && pwd)/bin/sendctl}"
"$here/outputs/install.sh"
schemas=$(cd "$here/../../pkg/diagfmt/testdata/schemas" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work/home GIT_CONFIG_NOSYSTEM=1 TZ=UTC DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
unset XDG_CONFIG_HOME
mkdir "$HOME"
git config --global user.name "M. Eyre"
git config --global user.email eyre@thornelaw.example
git config --global gc.auto 0

fail() {
  printf 'failed: %s\n' "$*" >&2
  exit 1
}
code() { # code WANT COMMAND…: the command ends with this code
  local want=$1 got=0
  shift
  "$@" >"$work/out" 2>"$work/said" || got=$?
  [ "$got" = "$want" ] || { cat "$work/said" >&2; fail "code $got, not $want: $*"; }
}
# every WANT DIR FOLDER [FLAG…]: all formats in one run, into DIR
every() {
  local want=$1 dir=$2 folder=$3 kind
  shift 3
  local outputs=()
  for kind in text json ndjson sarif "$@"; do
    case $kind in --*) outputs+=("$kind") ;; *) outputs+=(--output "$kind:$dir/$kind") ;; esac
  done
  code "$want" "$SENDCTL" --no-input -C "$folder" validate --no-cache "${outputs[@]}"
}
public=(github gitlab junit)

multitool() { "$here/outputs/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool" "$@"; }
sarif() { # sarif FILE: neither SARIF's own demands nor GitHub's are broken
  cp "$1" "$work/x.sarif"
  multitool validate "$work/x.sarif" --rule-kind 'Sarif;Gh;Ghas' --level 'Error;Warning' >"$work/checked" 2>&1 || { cat "$work/checked"; return 1; }
  # A finding about a whole file has no region, and that is what we mean.
  if grep -E ': (error|warning) ' "$work/checked" | grep -v SARIF2017; then return 1; fi
}
junit() { xmllint --noout --schema "$schemas/junit-10.xsd" "$1" 2>"$work/checked" || { cat "$work/checked"; return 1; }; }
junitparser() { # junitparser FILE: how many tests and how many failures Python's reader counts
  /usr/bin/python3 - "$1" <<'PY'
import sys
from junitparser import Failure, JUnitXml
cases = [c for suite in JUnitXml.fromfile(sys.argv[1]) for c in suite]
print(len(cases), sum(any(isinstance(r, Failure) for r in c.result) for c in cases))
PY
}
readers() { # readers DIR [WITHIN]: every report of DIR says what its findings say
  local kind
  sarif "$1/sarif" || fail "the SARIF checker refuses $1/sarif"
  junit "$1/junit" || fail "xmllint refuses $1/junit"
  for kind in sarif github gitlab ndjson junit; do
    node "$here/outputs/read.mjs" "$kind" "$1/$kind" "$1/json" "${2:-}" || fail "$1/$kind is read as something else"
  done
}

"$SENDCTL" demo "$work/school" >/dev/null 2>&1
mkdir "$work/good" "$work/bad" "$work/again" "$work/shown" "$work/moved" "$work/nested"

# Without a fault.
every 0 "$work/good" "$work/school" "${public[@]}"
readers "$work/good"
[ ! -s "$work/good/github" ] || fail "annotations where there is no fault"
files=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).summary.files' "$work/good/json")
[ "$(junitparser "$work/good/junit")" = "$files 0" ] || fail "junitparser does not count $files files without a fault"

# With faults of every sort: in a line, of a whole file, of a folder, with another place
# to look at, in a file whose name is full of marks.
cd "$work/school"
mapfile -t learners < <(find learners -mindepth 1 -maxdepth 1 | sort)
sed -i 's/^born: .*/born: Quillfeather/' "${learners[0]}/identity.yaml"
sed -i 's/^stage: .*/stage: Quillfeather/' "${learners[0]}/learner.yaml"
printf '\tQuillfeather: 1\n' >>"${learners[1]}/contacts.yaml"
sed -i 's/^joined: .*/joined: Quillfeather # Quillfeather/' "${learners[1]}/learner.yaml"
rm "${learners[2]}/identity.yaml"
mkdir "${learners[0]}/od,d"
printf 'words: Quillfeather\n' >"${learners[0]}/cycles/a %0A:=::[x](y) ’;.yaml"
printf 'words: Quillfeather\n' >"$(printf '%s/cycles/two\nlines\033[31m.yaml' "${learners[0]}")"
cycle=$(find "${learners[0]}/cycles" -name '*.yaml' | sort | head -1)
sed -i 's/^responsible_teacher: .*/responsible_teacher: nobody/' "$cycle"
cd "$work"
every 1 "$work/bad" "$work/school" "${public[@]}"
node -e '
  const { findings } = JSON.parse(require("fs").readFileSync(process.argv[1]))
  const has = (what, test) => { if (!findings.some(test)) { console.error("no finding " + what); process.exit(1) } }
  has("in a line", (f) => f.span.start.line > 1)
  has("of a whole file", (f) => f.span.start.line === 0)
  has("with a hint", (f) => f.hint)
  has("in a file with odd marks", (f) => f.file.includes("%0A:=::"))' "$work/bad/json" || fail "what was planted"
# GitHub, GitLab and JUnit show an odd name as people can read it, JSON as it is: the readers
# compare the names, so that they get them without the one that cannot be shown.
rm "$(printf '%s/cycles/two\nlines\033[31m.yaml' "$work/school/${learners[0]}")"
every 1 "$work/bad" "$work/school" "${public[@]}"
readers "$work/bad"
[ "$(wc -l <"$work/bad/github")" -gt 5 ] || fail "there are few annotations"
[ "$(junitparser "$work/bad/junit" | cut -d' ' -f2)" -gt 2 ] || fail "junitparser counts few failures"
if grep -rl Quillfeather "$work/bad"; then fail "a word of the record is in a report"; fi

# The same again is the same bytes; so are the fingerprints where lines have moved.
every 1 "$work/again" "$work/school" "${public[@]}"
diff -r "$work/bad" "$work/again" >/dev/null || fail "the same findings are other bytes"
sed -i '1s/^/# a comment\n/' "$work/school/people.yaml" "$work/school/${learners[0]}/identity.yaml" "$work/school/${learners[0]}/learner.yaml"
every 1 "$work/moved" "$work/school" "${public[@]}"
marks() { node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).map((e) => e.fingerprint).sort().join("\n")' "$1"; }
cmp -s "$work/moved/gitlab" "$work/bad/gitlab" && fail "the lines did not move"
diff <(marks "$work/bad/gitlab") <(marks "$work/moved/gitlab") >&2 || fail "the fingerprints changed with the lines"

# Values are shown where that is asked for, and where everyone would read them refused.
every 1 "$work/shown" "$work/school" --show-values
sarif "$work/shown/sarif" || fail "the SARIF checker refuses the report with values"
for kind in text json ndjson sarif; do
  grep -q Quillfeather "$work/shown/$kind" || fail "--show-values shows none in $kind"
done
for kind in "${public[@]}"; do
  code 2 "$SENDCTL" --no-input -C "$work/school" validate --show-values --output "$kind"
done

# In a folder of a larger repository files are named from its top.
mkdir -p "$work/nested/repository/pupils 25"
git -C "$work/nested/repository" init -q
(cd "$work/school" && tar cf - --exclude ./.git .) | tar xf - -C "$work/nested/repository/pupils 25"
every 1 "$work/nested" "$work/nested/repository/pupils 25" "${public[@]}"
readers "$work/nested" "pupils 25"

# What cannot be: a format nobody knows, two on one stdout, a file that cannot be written.
code 2 "$SENDCTL" --no-input -C "$work/school" validate --output sarf
grep -q 'did you mean "sarif"' "$work/said" || fail "sarf is not put right"
code 2 "$SENDCTL" --no-input -C "$work/school" validate --output sarif --output junit
code 2 "$SENDCTL" --no-input -C "$work/school" validate --output "sarif:$work/nowhere/x"
mkdir "$work/taken"
code 3 "$SENDCTL" --no-input -C "$work/school" validate --output "sarif:$work/taken"

# The readers refuse what is wrong, or their silence above means nothing.
sed 's/"startLine": [0-9]*/"startLine": 0/' "$work/bad/sarif" >"$work/wrong"
if sarif "$work/wrong" >/dev/null; then fail "the SARIF checker takes line 0"; fi
sed '/"shortDescription"/,/}/d' "$work/bad/sarif" >"$work/wrong"
if sarif "$work/wrong" >/dev/null; then fail "GitHub's demands are not looked at"; fi
sed 's/<testcase /<testcase when="now" /' "$work/bad/junit" >"$work/wrong"
if junit "$work/wrong" >/dev/null; then fail "xmllint takes what is not in the schema"; fi
for change in 's/%0A/%250A/' 's/,line=\([0-9]\)/,line=1\1/' 's/^::error/::warning/'; do
  sed "$change" "$work/bad/github" >"$work/wrong"
  if node "$here/outputs/read.mjs" github "$work/wrong" "$work/bad/json" 2>/dev/null; then fail "GitHub's toolkit writes it so too: $change"; fi
done
echo "   $(wc -l <"$work/bad/github") findings, read alike by everyone"
