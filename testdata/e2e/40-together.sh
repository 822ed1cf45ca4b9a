#!/usr/bin/env bash
# Forty acts of sendctl beside forty of git, then beside forty more of sendctl,
# all begun at once in one folder: every one is kept, in the history and in its
# file, and the folder is clean. Needs no folder.
#     ROUNDS=20 40-together.sh    as often as that; 3 without
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${SENDCTL:=$(cd "$here/../.." && pwd)/bin/sendctl}"
. "$here/unbroken.bash"
export SENDCTL
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work GIT_CONFIG_NOSYSTEM=1
unset XDG_CONFIG_HOME
git config --global user.name "M. Eyre"
git config --global user.email eyre@example.org
git config --global gc.auto 0

fail() {
  printf 'failed: %s\n' "$*" >&2
  exit 1
}

export school=$work/school
"$SENDCTL" --no-input init "$school" --name "Thornelaw Academy" --phase all-through --la 929 --estab 0000 >/dev/null
cat >"$work/plan.json" <<'END'
{"plan": {"date": "2025-09-22", "review_on": "2025-11-21", "agreed_with": ["eyre"],
  "targets": [{"outcome": "will read 30 words", "area": "cognition-and-learning",
    "measure": {"what": "Words read", "baseline": 4, "target": 30, "better": "higher"}}]},
 "assess": {"concerns": [{"words": "Reads four words.", "area": "cognition-and-learning", "by": "eyre"}],
  "learner_says": [{"not_sought": "Away."}]}}
END
made=$SECONDS
for n in $(seq 44); do
  "$SENDCTL" --no-input -C "$school" create --name "Robin $n" --family-name Example --born 2017-04-03 --teacher eyre --joined 2024-09-02 >/dev/null
done
# shellcheck disable=SC2207 # ids hold no blanks
learners=($(ls "$school/learners"))
for id in "${learners[@]}"; do
  "$SENDCTL" --no-input --today 2025-09-22 -C "$school" plan "$id" --answers "$work/plan.json" >/dev/null
done
echo "${#learners[@]} learners with plans, made in $((SECONDS - made)) s"

# noting ID TEXT: one act of sendctl.
noting() { "$SENDCTL" --no-input -C "$school" note "$1" "$2" --date 2025-10-01 >/dev/null 2>>"$work/sendctl.err"; }
# saving FILE TEXT: what a careful script does with git: it tries again while
# somebody holds the index, and commits its own file alone.
saving() {
  echo "$2" >"$school/$1"
  for _ in $(seq 400); do
    if git -C "$school" add "$1" 2>/dev/null && git -C "$school" commit -q --no-verify -m "$2" -- "$1" 2>>"$work/git.err"; then return 0; fi
    sleep 0.0$((RANDOM % 90 + 10))
  done
  return 1
}
export -f noting saving
export work

sum() { git -C "$school" rev-list --count HEAD; }

# round N KIND: forty notes (thirty of different learners, ten of one), beside
# forty commits by git or forty notes more.
round() {
  local n=$1 kind=$2 jobs=() i before start=$EPOCHREALTIME lost=0
  before=$(sum)
  for i in $(seq 30); do
    noting "${learners[i]}" "round $n $kind sendctl $i" & jobs+=($!)
  done
  for i in $(seq 31 40); do
    noting "${learners[0]}" "round $n $kind sendctl $i" & jobs+=($!)
  done
  for i in $(seq 41 80); do
    if [ "$kind" = git ]; then
      saving "minutes-$i.txt" "round $n $kind git $i" & jobs+=($!)
    else
      noting "${learners[i % 44]}" "round $n $kind sendctl $i" & jobs+=($!)
    fi
  done
  for i in "${jobs[@]}"; do wait "$i" || lost=$((lost + 1)); done
  [ "$lost" = 0 ] || fail "round $n beside $kind: $lost of 80 acts failed: $(grep -hv -e ^Waiting -e "^sendctl note, since" "$work"/*.err | tail -n 5)"
  [ $(($(sum) - before)) = 80 ] || fail "round $n beside $kind: $(($(sum) - before)) commits for 80 acts"

  # every act in the files as they are, and as HEAD holds them
  local in_files in_head
  for i in $(seq 80); do
    if [ "$kind" = git ] && [ "$i" -gt 40 ]; then echo "round $n $kind git $i"; else echo "round $n $kind sendctl $i"; fi
  done | sort >"$work/wanted"
  in_files=$(cd "$school" && grep -rhoE --exclude-dir=.git "round $n $kind (git|sendctl) [0-9]+" . | sort)
  in_head=$(cd "$school" && git grep -hoE "round $n $kind (git|sendctl) [0-9]+" HEAD | sort)
  diff "$work/wanted" - <<<"$in_files" >&2 || fail "round $n beside $kind: not every act is in its file, once"
  diff "$work/wanted" - <<<"$in_head" >&2 || fail "round $n beside $kind: not every act is in the history, once"

  # every note was added by the commit that says so: one commit, one line more
  git -C "$school" log --reverse --format=%H -80 | while read -r c; do
    [ "$(git -C "$school" show --format= --unified=0 "$c" | grep -cE "^\+.*round $n $kind")" = 1 ] || exit 1
  done || fail "round $n beside $kind: a commit holds another act, or none"

  [ -z "$(git -C "$school" status --porcelain)" ] || fail "round $n beside $kind: git status is not clean: $(git -C "$school" status --porcelain | head -3)"
  local said
  said=$(git -C "$school" fsck --strict --no-dangling 2>&1) || fail "round $n beside $kind: fsck: $said"
  [ -z "$said" ] || fail "round $n beside $kind: fsck: $said"
  [ ! -e "$school/.git/sendctl/journal.json" ] || fail "round $n beside $kind: a journal is left"
  [ ! -e "$school/.git/sendctl/holder" ] || fail "round $n beside $kind: a holder's note is left"
  [ ! -e "$school/.git/index.lock" ] || fail "round $n beside $kind: index.lock is left"
  flock --nonblock "$school/.git/sendctl/lock" true || fail "round $n beside $kind: the lock is still held"
  [ -z "$(find "$school" -name '*.tmp' -not -path '*/.git/*')" ] || fail "round $n beside $kind: half-written files are left"
  awk -v a="$start" -v b="$EPOCHREALTIME" -v n="$n" -v k="$kind" 'BEGIN { printf "round %d beside %s: 80 of 80, %.1f s with the checks\n", n, k, b - a }'
}

for n in $(seq "${ROUNDS:-3}"); do
  round "$n" git
  round "$n" sendctl
done
said=$(unbroken "$school") || fail "the folder is not valid: $said"
