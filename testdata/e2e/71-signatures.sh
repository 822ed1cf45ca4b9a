#!/usr/bin/env bash
# What sendctl signs, ssh-keygen and git find good with the file that `people
# allowed-signers` prints, and what they refuse `validate` refuses: for every kind of
# key that ssh-keygen makes, from a file and from the agent. Needs no folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${SENDCTL:=$(cd "$here/../.." && pwd)/bin/sendctl}"
work=$(mktemp -d)
agent=
trap 'if [ -n "$agent" ]; then kill "$agent"; fi; rm -rf "$work"' EXIT
export HOME=$work/home GIT_CONFIG_NOSYSTEM=1 TZ=UTC
unset XDG_CONFIG_HOME SSH_AUTH_SOCK
mkdir "$HOME"
git config --global user.name "M. Eyre"
git config --global user.email eyre@example.org
git config --global gc.auto 0
git config --global gpg.format ssh
git config --global commit.gpgsign true
git config --global gpg.ssh.allowedSignersFile "$work/allowed"

fail() {
  printf 'failed: %s\n' "$*" >&2
  if [ -s "$work/said" ]; then sed 's/^/  it said: /' "$work/said" >&2; fi
  exit 1
}
s() { "$SENDCTL" --no-input -C "$school" "$@" >"$work/said" 2>&1; }
good() { "$@" >"$work/said" 2>&1 || fail "refused: $*"; }
bad() { if "$@" >"$work/said" 2>&1; then fail "not refused: $*"; fi; }

# check SEAL [WHO]: what ssh-keygen says of a seal, on the day it was recorded.
check() {
  sed '/^-----BEGIN/,$d' "$1" >"$work/lines"
  sed -n '/^-----BEGIN/,$p' "$1" >"$work/signature"
  local at
  at=$(sed -n 's/^recorded: //p' "$1" | tr -d 'TZ:-')
  ssh-keygen -Y verify -f "$work/allowed" -I "${2:-eyre}" -n sendctl-seal -O "verify-time=$at" -s "$work/signature" <"$work/lines"
}

begin() { # a school with one learner, and a plan to be reviewed
  school=$work/$1
  good "$SENDCTL" --no-input init "$school" --name Thornelaw --phase all-through --la 929 --estab 0000 --id eyre --role senco
  good s people add bell --name "K. Bell" --role teacher --email bell@example.org
}

act() { good s people add-key bell --key "$1" --because "$2"; } # a sealed, signed act
seal() { ls -t "$school"/seals/*-add-key.seal | head -1; }

mkdir "$work/keys"
for kind in "ed25519" "ecdsa -b 256" "ecdsa -b 384" "ecdsa -b 521" "rsa -b 2048" "rsa -b 3072" "rsa -b 4096"; do
  name=${kind// /}
  # shellcheck disable=SC2086 # the words of the kind
  ssh-keygen -q -N '' -C '' -f "$work/keys/$name" -t $kind
  ssh-keygen -q -N '' -C '' -f "$work/keys/$name-other" -t ed25519
  git config --global user.signingkey "$work/keys/$name"
  begin "$name"
  good s people add-key
  "$SENDCTL" -C "$school" people allowed-signers >"$work/allowed"
  first=$(seal)
  good check "$first"
  good check "$first" eyre@example.org
  bad check "$first" bell
  good s validate
  for way in file agent; do
    if [ "$way" = agent ]; then
      eval "$(ssh-agent -s)" >/dev/null
      agent=$SSH_AGENT_PID
      ssh-add -q "$work/keys/$name"
      git config --global user.signingkey "key::$(cat "$work/keys/$name.pub")"
    fi
    ssh-keygen -q -N '' -C '' -f "$work/keys/$name-$way" -t ed25519
    act "$work/keys/$name-$way.pub" "as a $way"
    latest=$(seal)
    "$SENDCTL" -C "$school" people allowed-signers >"$work/allowed"
    good check "$latest"
    good git -C "$school" verify-commit HEAD
    git -C "$school" log -1 --show-signature >"$work/said" 2>&1
    grep -q 'Good "git" signature for eyre@example.org' "$work/said" || fail "git log does not say that the commit is good"
    good s validate
  done
  kill "$agent"
  agent=
  unset SSH_AUTH_SOCK SSH_AGENT_PID

  # Both refuse what is wrong with it; then it is put back.
  cp "$latest" "$work/kept"
  sed -i 's/^by: eyre/by: bell/' "$latest"
  bad check "$latest" bell
  bad s validate
  cp "$work/kept" "$latest"
  sed '/^-----BEGIN/,$d' "$latest" >"$work/lines"
  { cat "$work/lines"; ssh-keygen -q -Y sign -n git -f "$work/keys/$name" <"$work/lines"; } >"$work/forged"
  cp "$work/forged" "$latest"
  bad check "$latest"
  bad s validate
  { cat "$work/lines"; ssh-keygen -q -Y sign -n sendctl-seal -f "$work/keys/$name-other" <"$work/lines"; } >"$latest"
  bad check "$latest"
  bad s validate
  # A signature made anew by ssh-keygen itself, with either hash, is as good as ours.
  for hash in sha256 sha512; do
    { cat "$work/lines"; ssh-keygen -q -Y sign -n sendctl-seal -O "hashalg=$hash" -f "$work/keys/$name" <"$work/lines"; } >"$latest"
    good check "$latest"
    good s validate
  done
  cp "$work/kept" "$latest"
  good s validate

  # A key outside its days: both look at the day of the seal.
  sed -i 's/valid-after="[0-9]*"/valid-after="20990101"/' "$work/allowed"
  bad check "$latest"
  cp "$school/people.yaml" "$work/people"
  sed -i '0,/from: .*/s//from: 2099-01-01/' "$school/people.yaml"
  bad s validate
  cp "$work/people" "$school/people.yaml"
  good s validate
done

# sendctl is the stricter of the two about a short RSA key.
ssh-keygen -q -N '' -C '' -f "$work/keys/weak" -t rsa -b 1024
bad s people add-key bell --key "$work/keys/weak.pub"
grep -q 'cannot count' "$work/said" || fail "the weak key is not named as that"
git config --global user.signingkey "$work/keys/weak"
bad s people add-key
echo "signatures: $(find "$work" -name '*.seal' | wc -l) seals of 7 kinds of key, and everyone agrees"
