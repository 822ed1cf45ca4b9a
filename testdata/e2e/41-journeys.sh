#!/usr/bin/env bash
# Whole journeys at once in one folder: learners from concern to a request that is
# granted and looked back on, each told by a process of its own, three people reading
# each passport in the same moment, beside plain git that commits files of its own.
# Then everything twice in the same moment: what can be done once is done once. Every
# act is kept, whole, in its file, in the history and in a commit of its own, and the
# folder is clean. Needs no folder.
#     LEARNERS=40 ROUNDS=5 41-journeys.sh    so many at once, as often as that; 12 and 1 without
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${SENDCTL:=$(cd "$here/../.." && pwd)/bin/sendctl}"
. "$here/unbroken.bash"
export SENDCTL
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export work HOME=$work GIT_CONFIG_NOSYSTEM=1
unset XDG_CONFIG_HOME
git config --global user.name "M. Eyre"
git config --global user.email eyre@example.org
git config --global gc.auto 0

fail() {
  printf 'failed: %s\n' "$*" >&2
  exit 1
}
export school=$work/school
s() { "$SENDCTL" --no-input -C "$school" "$@"; }
s init "$school" --name "Thornelaw Academy" --phase all-through --la 929 --estab 0000 >/dev/null
for p in sato:teacher bell:teaching-assistant okafor:headteacher ep-osei:educational-psychologist marr:panel-chair; do
  s people add "${p%:*}" --name "A. Person" --role "${p#*:}" >/dev/null
done
printf 'a report\n' >"$work/report.pdf"

cat >"$work/journey.sh" <<'END'
# journey.sh TAG: one learner's acts in order; three of them at once. Each act is
# marked with TAG and a word of its own; the marks of what was done go to $work/done.
set -euo pipefail
tag=$1
s() { "$SENDCTL" --no-input -C "$school" "$@"; }
did() {
  local mark=$1
  shift
  s "$@" >/dev/null 2>"$work/err.$tag.$mark" || { echo "$tag $mark: $(tail -n 3 "$work/err.$tag.$mark")" >>"$work/wrong"; exit 1; }
  echo "$tag $mark." >>"$work/done"
}
id=$(s --json create --name Robin --family-name Example --born 2017-04-03 --teacher eyre --joined 2024-09-02 \
  --concern "$tag create." --area cognition-and-learning --by eyre --raised 2025-09-22 \
  --set family[0].id=mum --set "family[0].name=A. Example" --set family[0].relation=mother --set family[0].parental_responsibility=true 2>"$work/err.$tag.create" | sed -n 's/.*"learner": "\([a-z0-9]*\)".*/\1/p') || true
[ -n "$id" ] || { echo "$tag create: $(tail -n 3 "$work/err.$tag.create")" >>"$work/wrong"; exit 1; }
echo "$tag create." >>"$work/done"
printf '{"assess": {"learner_says": [{"not_sought": "Away."}], "parents_say": [{"who": "mum", "not_sought": "Away."}]}, "plan": {"date": "2025-09-22", "review_on": "2025-11-14", "agreed_with": ["eyre"],
  "targets": [{"outcome": "will keep %s plan.", "area": "cognition-and-learning", "measure": {"what": "Words read", "baseline": 4, "target": 30, "better": "higher"}}]}}' "$tag" >"$work/plan.$tag"
printf '{"date": "2025-11-14", "present": ["learner", "eyre"], "targets": [{"target": "t1", "result": 17, "score": 0, "next": "continue"}],
  "learner_says": [{"words": "%s review."}], "parents_say": [{"who": "mum", "not_sought": "Away."}], "progress": "as-expected", "decision": "another-cycle"}' "$tag" >"$work/review.$tag"
did plan plan "$id" --answers "$work/plan.$tag"
did note note "$id" --date 2025-10-01 "$tag note."
did review review "$id" --answers "$work/review.$tag"
did advance advance "$id" --to passport --date 2025-11-17 --sen K --main-need SPLD --set telling.with=mum --set telling.how=call --set telling.date=2025-11-17 \
  --set "telling.told=Help begins." --because "$tag advance."
did passport passport "$id" --date 2025-11-18 --with learner,mum --know "$tag passport." --hard-when Lists. --help-me-by Cards. --shared-with sato,bell,okafor --review-on 2026-12-11
s passport "$id" agree --with learner,mum --date 2025-11-19 >/dev/null 2>"$work/err.$tag.agree" || { echo "$tag agree: $(tail -n 3 "$work/err.$tag.agree")" >>"$work/wrong"; exit 1; }
jobs=()
for who in sato bell okafor; do
  s passport "$id" read --by "$who" --date 2025-11-20 >/dev/null 2>"$work/err.$tag.$who" & jobs+=($!)
done
for j in "${jobs[@]}"; do wait "$j" || { echo "$tag read" >>"$work/wrong"; exit 1; }; done
[ "$(grep -c 'document: passport' "$school/learners/$id/readings.yaml")" = 3 ] || { echo "$tag: not three have read it" >>"$work/wrong"; exit 1; }
did profile profile "$id" --date 2025-11-20 --with learner --admire "$tag profile." --important Dogs. --support Slowly. --shared-with bell --review-on 2026-12-11
did advice advice "$id" --by ep-osei --date 2025-12-05 --seen 2025-12-04 --consent mum --consent-to "being seen" --consent-date 2025-12-01 --set "recommendations[0].words=$tag advice."
did act advice "$id" act r1 --action "$tag act." --done 2025-12-08
did open request "$id" open star --date 2025-12-09 --because "It cannot wait." --reasons "$tag open." --from 2026-01-12 --to 2026-07-17 --outcome Reads. \
  --set "basis[0].what=hours" --set "basis[0].cost=500"
s request "$id" cite health "$work/report.pdf" --pages 3-5 >/dev/null 2>"$work/err.$tag.cite" || { echo "$tag cite" >>"$work/wrong"; exit 1; }
s request "$id" send --date 2025-12-10 --declared okafor >/dev/null 2>"$work/err.$tag.send" || { echo "$tag send" >>"$work/wrong"; exit 1; }
did letter request "$id" letter received --date 2025-12-11 --words "$tag letter."
did decided request "$id" decided --date 2025-12-17 --result agreed --reasons need-clear --chair marr --money 500 --from 2026-01-12 --to 2026-07-17 --words "$tag decided."
did impact request "$id" impact --date 2026-07-20 --verdict "$tag impact."
did edit edit "$id" learner.yaml --set outcomes[0].id=o1 --set "outcomes[0].words=$tag edit." --set outcomes[0].by=2028-07-20 --set outcomes[0].strand=employment
END
acts=20 # that a journey has: 14 marked, the agreement, three readings, what was cited, and the sending

# saving FILE TEXT: what a careful script does with git, as in 40-together.sh.
saving() {
  echo "$2" >"$school/$1"
  for _ in $(seq 400); do
    if git -C "$school" add "$1" 2>/dev/null && git -C "$school" commit -q --no-verify -m "$2" -- "$1" 2>>"$work/git.err"; then return 0; fi
    sleep 0.0$((RANDOM % 90 + 10))
  done
  return 1
}
sum() { git -C "$school" rev-list --count HEAD; }

# sound SINCE: every act since then is a commit of its own, with what it seals in it.
sound() {
  local c line p said
  for c in $(git -C "$school" rev-list --grep '^Sendctl-Action: ' "$1..HEAD"); do
    [ "$(git -C "$school" log -1 --format=%B "$c" | grep -c '^Sendctl-Action: ')" = 1 ] || fail "$c is not one act"
    git -C "$school" log -1 --format=%B "$c" | sed -n 's/^Sendctl-Seals: //p' | while read -r line; do
      p=${line% sha256:*}
      [ "$(git -C "$school" show "$c:$p" | sha256sum | cut -d' ' -f1)" = "${line##*sha256:}" ] || exit 1
      git -C "$school" show --format= --name-only "$c" | grep -qxF "$p" || exit 1
      git -C "$school" show --format= --name-only "$c" | grep -q '\.seal$' || exit 1
    done || fail "$c does not hold what it sealed"
    [ "$(git -C "$school" show --format= --name-only "$c" | cut -d/ -f2 | sort -u | wc -l)" = 1 ] || fail "$c holds files of two learners"
  done
  [ -z "$(git -C "$school" status --porcelain)" ] || fail "git status is not clean: $(git -C "$school" status --porcelain | head -3)"
  said=$(git -C "$school" fsck --strict --no-dangling 2>&1) || fail "fsck: $said"
  [ -z "$said" ] || fail "fsck: $said"
  for p in journal.json holder; do [ ! -e "$school/.git/sendctl/$p" ] || fail "$p is left"; done
  [ ! -e "$school/.git/index.lock" ] || fail "index.lock is left"
  flock --nonblock "$school/.git/sendctl/lock" true || fail "the lock is still held"
  [ -z "$(find "$school" \( -name '*.tmp' -o -name '.sendctl-*' \) -not -path '*/.git/*')" ] || fail "half-written files are left"
  said=$(unbroken "$school") || fail "the folder is not valid: $said"
}

round() {
  local n=$1 jobs=() i base before start=$EPOCHREALTIME lost=0 learners=${LEARNERS:-12}
  base=$(git -C "$school" rev-parse HEAD)
  before=$(sum)
  : >"$work/done"
  rm -f "$work/wrong"
  for i in $(seq "$learners"); do
    bash "$work/journey.sh" "round $n learner $i" & jobs+=($!)
  done
  (for i in $(seq "$((learners * 4))"); do saving "minutes-$((i % 7)).txt" "round $n git $i"; done) & jobs+=($!)
  for i in "${jobs[@]}"; do wait "$i" || lost=$((lost + 1)); done
  [ "$lost" = 0 ] && [ ! -e "$work/wrong" ] || fail "round $n: $lost journeys broke off: $(head -n 5 "$work/wrong" 2>/dev/null)"
  [ $(($(sum) - before)) = $((learners * (acts + 4))) ] || fail "round $n: $(($(sum) - before)) commits for $((learners * (acts + 4))) acts"
  sort "$work/done" >"$work/wanted"
  (cd "$school" && git grep -hoE "round $n learner [0-9]+ [a-z]+\." HEAD -- learners | sort -u) | diff "$work/wanted" - >&2 || fail "round $n: not every act is in the history"
  (cd "$school" && grep -rhoE --exclude-dir=.git "round $n learner [0-9]+ [a-z]+\." learners | sort -u) | diff "$work/wanted" - >&2 || fail "round $n: not every act is in its file"
  sound "$base"
  awk -v a="$start" -v b="$EPOCHREALTIME" -v n="$n" -v k="$learners" -v m="$((learners * acts))" \
    'BEGIN { printf "round %d: %d journeys at once, all %d acts kept beside %d commits of git, %.1f s with the checks\n", n, k, m, k * 4, b - a }'
}
for n in $(seq "${ROUNDS:-1}"); do round "$n"; done

# twice WHAT COMMAND…: the same, by four people in the same moment; it happens once,
# and the others are told so, with exit code 1 or 6.
twice() {
  local what=$1 i code jobs=() well=0 base before
  shift
  base=$(git -C "$school" rev-parse HEAD)
  before=$(sum)
  for i in 1 2 3 4; do
    s "$@" >"$work/twice.$i" 2>&1 & jobs+=($!)
  done
  for i in 1 2 3 4; do
    code=0
    wait "${jobs[i - 1]}" || code=$?
    case $code in
    0) grep -q 'nothing was changed' "$work/twice.$i" || well=$((well + 1)) ;;
    1 | 6) ! grep -qE 'Robin|Example' "$work/twice.$i" || fail "$what: a name is told" ;;
    *) fail "$what: exit code $code: $(cat "$work/twice.$i")" ;;
    esac
  done
  [ "$well" = 1 ] && [ $(($(sum) - before)) = 1 ] || fail "$what: $well of four were done, with $(($(sum) - before)) commits"
  sound "$base"
}
id=$(s --json create --name Robin --family-name Example --born 2017-04-03 --teacher eyre --joined 2024-09-02 | sed -n 's/.*"learner": "\([a-z0-9]*\)".*/\1/p')
twice "advance" advance "$id" --to passport --date 2025-11-17 --sen K --main-need SPLD --not-told "Nobody answered." --because "The need is sudden."
twice "passport" passport "$id" --date 2025-11-18 --with learner --know Maps. --help-me-by Cards. --shared-with bell --review-on 2026-12-11
s passport "$id" agree --with learner --date 2025-11-19 >/dev/null 2>&1 # four times over it may be agreed anew
twice "read" passport "$id" read --by bell --version 1 --date 2025-11-20
twice "request open" request "$id" open star --date 2025-12-09 --because "It cannot wait." --reasons More. --from 2026-01-12 --to 2026-07-17 --outcome Reads. --set "basis[0].what=hours" --set "basis[0].cost=500"
twice "request cite" request "$id" cite health "$work/report.pdf" --pages 3-5
twice "request send" request "$id" send --date 2025-12-10
twice "request letter" request "$id" letter received --date 2025-12-11
twice "request decided" request "$id" decided --date 2025-12-17 --result agreed --reasons need-clear --chair marr --money 500 --from 2026-01-12 --to 2026-07-17
twice "request impact" request "$id" impact --date 2026-07-20 --verdict Some.
echo "nine acts by four people in the same moment each: done once, and said so"
