#!/usr/bin/env bash
# What others make of our checkpoints: zbarimg reads the code on paper back to the
# letter, ssh-keygen alone verifies a checkpoint, a seal and the list of a proof, and
# refuses each when a letter is added. Needs no folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${SENDCTL:=$(cd "$here/../.." && pwd)/bin/sendctl}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work/home GIT_CONFIG_NOSYSTEM=1
unset XDG_CONFIG_HOME
mkdir "$HOME"
git config --global user.name "M. Eyre"
git config --global user.email eyre@thornelaw.example
git config --global gc.auto 0

fail() {
  printf 'failed: %s\n' "$*" >&2
  exit 1
}
s() { "$SENDCTL" --no-input -C "$work/school" "$@" 2>"$work/said" || { cat "$work/said" >&2; fail "$*"; }; }
"$SENDCTL" demo "$work/school" >/dev/null 2>&1

# scanned FILE: what a scanner makes of the picture; zbarimg ends it with a line break.
scanned() { zbarimg --quiet --raw --oneshot "$1" 2>/dev/null | sed '$ { /^$/d }'; }
same() { scanned "$1.png" | diff - "$1.txt" >&2 || fail "the code of $1 reads as something else"; }

s audit checkpoint --output "$work/unsigned.txt" --qr "$work/unsigned.png"
cd "$work"
same unsigned

ssh-keygen -q -t ed25519 -N '' -C nobody -f key
git -C school config gpg.format ssh
git -C school config user.signingkey "$work/key"
s people add-key >/dev/null
learner=$(basename "$(dirname "$(dirname "$(find school/learners -name '*-review.seal' | sort | head -1)")")")
review=$(basename "$(find "school/learners/$learner/seals" -name '*-review.seal' | sort | head -1)" -review.seal)
s correct "$learner" "$review" review.progress --is more --because "Read again." >/dev/null
s audit checkpoint --output "$work/signed.txt" --qr "$work/signed.png"
same signed
[ "$(wc -c <signed.txt)" -lt 800 ] || fail "a signed checkpoint has $(wc -c <signed.txt) bytes"
s audit checkpoint --full --output "$work/full.txt" --qr "$work/full.png"
scanned full.png | grep -q '^tip' && fail "the code of a full checkpoint holds the list"
scanned full.png >again.txt
"$SENDCTL" -C school audit verify --checkpoint "$work/again.txt" >/dev/null || fail "a scanned checkpoint is not taken"

printf 'eyre %s\n' "$(cut -d' ' -f1,2 key.pub)" >allowed
# verified NAME NAMESPACE: ssh-keygen takes the text as signed, and not one letter more.
verified() {
  sed '/^-----BEGIN SSH SIGNATURE-----$/,$d' "$1" >payload
  sed -n '/^-----BEGIN SSH SIGNATURE-----$/,/^-----END SSH SIGNATURE-----$/p' "$1" >sig
  ssh-keygen -Y verify -f allowed -I eyre -n "$2" -s sig <payload >/dev/null || fail "ssh-keygen refuses $1"
  if ssh-keygen -Y verify -f allowed -I eyre -n git -s sig <payload >/dev/null 2>&1; then fail "$1 counts as signed for git"; fi
  if { cat payload; echo; } | ssh-keygen -Y verify -f allowed -I eyre -n "$2" -s sig >/dev/null 2>&1; then
    fail "$1 may have a line more"
  fi
}
verified signed.txt sendctl-checkpoint
verified full.txt sendctl-checkpoint
seal=$(grep -l 'BEGIN SSH SIGNATURE' school/learners/*/seals/*.seal | head -1)
cp "$seal" seal.txt
verified seal.txt sendctl-seal
s audit prove "$learner" "$review" --output "$work/review.proof"
# Its list ends where the signature does; the bytes of the files follow.
sed '/^-----END SSH SIGNATURE-----$/q' review.proof >list.txt
verified list.txt sendctl-parcel

# The numbers of a full checkpoint by common tools alone.
want=$(sed -n 's/^latest: sha256://p' full.txt)
got=$(sed -n 's/^tip: [^ ]* //p' full.txt | LC_ALL=C sort | sha256sum | cut -d' ' -f1)
[ "$want" = "$got" ] || fail "the list does not give the number after latest"

# A proof, on a machine with the program and nothing else.
mkdir empty
(cd empty && env -i "$SENDCTL" audit check ../review.proof >../checked) || { cat checked; fail "a proof is not taken where there is nothing else"; }
grep -q '^Proven' checked || fail "the proof is not told as proven"
echo "   zbarimg and ssh-keygen agree"
