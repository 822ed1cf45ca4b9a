#!/usr/bin/env bash
# A record goes from one school to another, encrypted: the keys are made and the
# parcel is opened by age itself, its signature checked by ssh-keygen, and what is
# taken in compared byte for byte. Needs no folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${SENDCTL:=$(cd "$here/../.." && pwd)/bin/sendctl}"
command -v age >/dev/null || { echo "age is not here" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work/home GIT_CONFIG_NOSYSTEM=1 TZ=UTC
unset XDG_CONFIG_HOME SSH_AUTH_SOCK
mkdir "$HOME"
git config --global gc.auto 0
git config --global gpg.format ssh

fail() {
  printf 'failed: %s\n' "$*" >&2
  if [ -s "$work/said" ]; then sed 's/^/  it said: /' "$work/said" >&2; fi
  exit 1
}
good() { "$@" >"$work/said" 2>&1 || fail "refused: $*"; }
bad() { if "$@" >"$work/said" 2>&1; then fail "not refused: $*"; fi; }
s() { "$SENDCTL" --no-input -C "$work/$school" "$@"; }

# enter SCHOOL NAME EMAIL: who is at the keyboard, and their key.
enter() {
  school=$1
  git config --global user.name "$2"
  git config --global user.email "$3"
  [ -e "$work/$1.key" ] || ssh-keygen -q -t ed25519 -N '' -C '' -f "$work/$1.key"
  git config --global user.signingkey "$work/$1.key.pub"
}

enter old "M. Eyre" eyre@thornelaw.example
good "$SENDCTL" --no-input init "$work/old" --name Thornelaw --phase all-through --la 929 --estab 0000 --id eyre --role senco
good s people add-key eyre --because "The first one."
good s --today 2025-09-29 create --name Jude --family-name Ashworth --born 2017-03-08 --teacher eyre --area cognition-and-learning --concern "Guesses words." --joined 2021-09-06 --by eyre
learner=$(ls "$work/old/learners")
printf 'a report, as it came\n\000\001' >"$work/report.pdf"
mkdir -p "$work/old/learners/$learner/attachments"
cp "$work/report.pdf" "$work/old/learners/$learner/attachments/2025-10-01-b7kd.pdf"
git -C "$work/old" add -A
git -C "$work/old" commit -q -m "a report" --no-verify

enter new "R. Eyre" eyre@otherhay.example
good "$SENDCTL" --no-input init "$work/new" --name Otherhay --phase all-through --la 929 --estab 0000 --id eyre2 --role senco

age-keygen -o "$work/otherhay.txt" 2>/dev/null
age-keygen -y "$work/otherhay.txt" >"$work/otherhay.pub"
age-keygen -o "$work/backup.txt" 2>/dev/null

# To two recipients, one from a file and one typed: each opens it, with age alone too.
enter old "M. Eyre" eyre@thornelaw.example
good s handover "$learner" --to-name Otherhay -o "$work/jude.parcel" -r "$work/otherhay.pub" -r "$(age-keygen -y "$work/backup.txt")"
for key in otherhay backup; do
  age -d -i "$work/$key.txt" "$work/jude.parcel" >"$work/$key.plain" || fail "age cannot open it with $key"
done
cmp "$work/otherhay.plain" "$work/backup.plain"
head -1 "$work/otherhay.plain" | grep -qx 'sendctl-parcel/1' || fail "what age opens is no parcel"
age-keygen -o "$work/wrong.txt" 2>/dev/null
bad age -d -i "$work/wrong.txt" "$work/jude.parcel"

# The signature is over the list of files, and ssh-keygen finds it good.
sed '/^-----BEGIN/,$d' "$work/otherhay.plain" >"$work/manifest"
sed -n '/^-----BEGIN/,/^-----END/p' "$work/otherhay.plain" >"$work/signature"
echo "eyre $(cat "$work/old.key.pub")" >"$work/allowed"
ssh-keygen -Y verify -f "$work/allowed" -I eyre -n sendctl-parcel -s "$work/signature" <"$work/manifest" >/dev/null || fail "ssh-keygen refuses the signature"

# Encrypted by age itself, and as ASCII, it is taken in as well; bent, it is not.
enter new "R. Eyre" eyre@otherhay.example
age -e -R "$work/otherhay.pub" "$work/otherhay.plain" >"$work/by-age.parcel"
cp "$work/by-age.parcel" "$work/bent.parcel"
middle=$(($(wc -c <"$work/bent.parcel") / 2))
byte=$(od -An -tu1 -j "$middle" -N 1 "$work/bent.parcel")
printf "\\$(printf %03o $((byte ^ 1)))" | dd of="$work/bent.parcel" bs=1 seek="$middle" conv=notrunc 2>/dev/null
bad s receive "$work/bent.parcel" -i "$work/otherhay.txt"
bad s receive "$work/by-age.parcel" -i "$work/wrong.txt"
good s receive "$work/by-age.parcel" -i "$work/otherhay.txt"
grep -q 'signed with the key' "$work/said" || fail "the signature is not told of"
diff -r -x people.yaml -x arrivals -x seals "$work/old/learners/$learner" "$work/new/learners/$learner" || fail "it is not as it was"
cmp "$work/report.pdf" "$work/new/learners/$learner/attachments/2025-10-01-b7kd.pdf"
good s validate
good s audit verify
git -C "$work/new" fsck --strict --no-dangling >/dev/null

# The receipt, signed; then the copy goes.
good s people add-key eyre2 --because "The first one."
enter old "M. Eyre" eyre@thornelaw.example
good s receive "$work/by-age.receipt"
good s validate
good s audit verify
s retention due | grep -q "^$learner.due" || fail "the copy is not due to go"

# The bundle for a subject-access request holds all of it, for its owner alone.
good s access "$learner" --asked-by learner -o "$work/bundle"
cmp "$work/report.pdf" "$work/bundle/now/attachments/2025-10-01-b7kd.pdf"
[ -z "$(find "$work/bundle" -type f -not -perm 600)" ] || fail "others may read the bundle"
python3 - "$work/bundle/index.csv" <<'PY' || fail "the index is no table"
import csv, sys
rows = list(csv.reader(open(sys.argv[1], newline="")))
assert len({len(r) for r in rows}) == 1, "rows of several lengths"
assert rows[0][11] == "decision" and all(r[11] == "" for r in rows[1:])
assert not any(c[:1] in "=+-@\t\r" for r in rows for c in r if c)
PY
