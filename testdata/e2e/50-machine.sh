#!/usr/bin/env bash
# What a machine can do to an act: a full disk, a folder that may not be written,
# kill -9 at any moment, somebody else who writes. Nothing is half-written, and the
# next command puts right what was cut off. Needs no folder; as root it also fills
# a disk and works as another user.
#     KILLS=200 50-machine.sh    so many kills; 30 without
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${SENDCTL:=$(cd "$here/../.." && pwd)/bin/sendctl}"
. "$here/unbroken.bash"
work=$(mktemp -d)
chmod 755 "$work" # another user goes through it
mounted=
trap 'if [ -n "$mounted" ]; then umount "$mounted"; fi; rm -rf "$work"' EXIT
cp "$SENDCTL" "$work/sendctl"
chmod 755 "$work/sendctl"
export HOME=$work/home GIT_CONFIG_NOSYSTEM=1
unset XDG_CONFIG_HOME
mkdir "$HOME"
git config --global user.name "M. Eyre"
git config --global user.email eyre@example.org
git config --global gc.auto 0
git config --global safe.directory '*'
chmod -R a+rX "$HOME"

fail() {
  printf 'failed: %s\n' "$*" >&2
  if [ -s "$work/said" ]; then sed 's/^/  it said: /' "$work/said" >&2; fi
  exit 1
}
s() { "$work/sendctl" --no-input -C "$school" "$@"; }

cat >"$work/plan.json" <<'END'
{"assess": {"learner_says": [{"not_sought": "Away."}]},
 "plan": {"date": "2025-09-22", "review_on": "2025-11-14", "agreed_with": ["eyre"],
  "targets": [{"outcome": "will read 30 words", "area": "cognition-and-learning", "measure": {"what": "Words read", "baseline": 4, "target": 30, "better": "higher"}}]}}
END
head -c 300000 /dev/urandom >"$work/report.pdf"
cat >"$work/review.json" <<'END'
{"date": "2025-11-14", "present": ["learner", "eyre"], "targets": [{"target": "t1", "result": 17, "score": 0, "next": "continue"}],
 "learner_says": [{"words": "I can read it."}], "progress": "as-expected", "decision": "another-cycle"}
END
# make FOLDER: a record folder with one learner and a plan.
make() {
  school=$1
  "$work/sendctl" --no-input init "$school" --name "Thornelaw Academy" --phase all-through --la 929 --estab 0000 >/dev/null
  s create --name Robin --family-name Example --born 2017-04-03 --teacher eyre --joined 2024-09-02 --concern "Reads four words." --area cognition-and-learning --by eyre --raised 2025-09-22 >/dev/null
  id=$(ls "$school/learners")
  s plan "$id" --answers "$work/plan.json" >/dev/null
}
# The acts of the journey that are tried: of four files, of a copy that is large, of a
# living file that is sealed.
advance=(advance @ --to passport --date 2025-11-17 --sen K --main-need SPLD --because "The need is sudden."
  --set telling.with=learner --set telling.how=meeting --set telling.date=2025-11-17 --set "telling.told=Help begins.")
passport=(passport @ --date 2025-11-18 --with learner --know Maps. --help-me-by Cards. --shared-with eyre --review-on 2026-12-11)
agree=(passport @ agree --with learner --date 2025-11-19)
request=(request @ open cosa --date 2025-11-20 --reasons "More is needed." --because "It is her right.")
cite=(request @ cite health "$work/report.pdf" --pages 3-5)
of() { s "${@/#@/$id}"; } # an act of the one learner

# state: the history and every file, as they are.
state() {
  git -C "$school" rev-parse HEAD
  (cd "$school" && find . -path ./.git -prune -o -type f -print | LC_ALL=C sort | xargs sha256sum)
}
whole() { # whole WHEN: no trace of anything half done
  [ -z "$(git -C "$school" status --porcelain)" ] || fail "$1: git status: $(git -C "$school" status --porcelain | head -3)"
  git -C "$school" fsck --strict --no-dangling >"$work/fsck" 2>&1 || fail "$1: fsck: $(cat "$work/fsck")"
  [ ! -e "$school/.git/sendctl/journal.json" ] || fail "$1: a journal is left"
  [ -z "$(find "$school" -name '*.tmp' -not -path '*/.git/*')" ] || fail "$1: a half-written file is left"
}
# refused WHEN WORDS COMMAND…: ends with 3, says WORDS, changes nothing.
refused() {
  local when=$1 words=$2 before code=0
  shift 2
  before=$(state)
  "$@" >"$work/said" 2>&1 || code=$?
  [ "$code" = 3 ] || fail "$when: it ended with $code, and 3 was to be"
  grep -qi "$words" "$work/said" || fail "$when: it does not say \"$words\""
  [ "$before" = "$(state)" ] || fail "$when: files or history changed"
}

full_disk() {
  mounted=$work/disk
  mkdir "$mounted"
  mount -t tmpfs -o size=16m,mode=777 tmpfs "$mounted"
  make "$mounted/school"
  dd if=/dev/zero of="$mounted/ballast" bs=4k status=none 2>/dev/null || true # until nothing fits
  refused "note on a full disk" "no space left" s note "$id" "It is full."
  refused "create on a full disk" "no space left" s create --name Ash --family-name Example --born 2017-04-03 --teacher eyre --joined 2024-09-02
  refused "review on a full disk" "no space left" s review "$id" --answers "$work/review.json"
  # and with room for some of it only: a file, a few objects, all but the last
  for room in 1 2 3 4 6 8 12; do
    rm "$mounted/ballast"
    dd if=/dev/zero of="$mounted/room" bs=4k count="$room" status=none
    dd if=/dev/zero of="$mounted/ballast" bs=4k status=none 2>/dev/null || true
    rm "$mounted/room"
    local before code=0
    before=$(state)
    s review "$id" --answers "$work/review.json" >"$work/said" 2>&1 || code=$?
    if [ "$code" = 0 ]; then break; fi
    [ "$code" = 3 ] || fail "review with room for $room blocks: it ended with $code, and 3 was to be"
    [ "$before" = "$(state)" ] || fail "review with room for $room blocks: files or history changed"
  done
  rm "$mounted/ballast"
  of "${request[@]}" >/dev/null
  for room in 0 1 2 3 4 6 8 12 16 40 70; do # the report takes 74 blocks in the folder and as many in git
    dd if=/dev/zero of="$mounted/room" bs=4k count="$room" status=none
    dd if=/dev/zero of="$mounted/ballast" bs=4k status=none 2>/dev/null || true
    rm "$mounted/room"
    refused "cite with room for $room blocks" "no space left" of "${cite[@]}"
    if [ "$room" -lt 4 ]; then refused "advance with room for $room blocks" "no space left" of "${advance[@]}"; fi
    rm "$mounted/ballast"
  done
  for act in advance passport agree cite; do
    local -n args=$act
    of "${args[@]}" >/dev/null 2>"$work/said" || fail "$act, once there is room"
  done
  if [ "$code" != 0 ]; then s review "$id" --answers "$work/review.json" >/dev/null; fi
  said=$(unbroken "$school") || fail "after the full disk the folder is not valid: $said"
  whole "after the full disk"
  umount "$mounted"
  mounted=
  echo "a full disk: refused whole, and recorded once there was room"
}

read_only() {
  local as=()
  make "$work/read-only"
  if [ "$(id -u)" = 0 ]; then as=(setpriv --reuid 65534 --regid 65534 --clear-groups); fi
  chmod -R a-w "$school"
  chmod a+rx "$work" "$school"
  refused "note where nothing may be written" "permission denied\|may not write" "${as[@]}" "$work/sendctl" --no-input -C "$school" note "$id" "No."
  refused "create where nothing may be written" "permission denied\|may not write" "${as[@]}" "$work/sendctl" --no-input -C "$school" create --name Ash --family-name Example --born 2017-04-03 --teacher eyre --joined 2024-09-02
  for act in advance passport request; do
    local -n args=$act
    refused "$act where nothing may be written" "permission denied\|may not write" "${as[@]}" "$work/sendctl" --no-input -C "$school" "${args[@]/#@/$id}"
  done
  "${as[@]}" "$work/sendctl" --no-input -C "$school" advance "$id" --to passport --check >/dev/null 2>&1 || [ "$?" = 1 ] || fail "the gate cannot even be looked at"
  "${as[@]}" "$work/sendctl" --no-input -C "$school" show "$id" >/dev/null || fail "it cannot even be read"
  chmod -R u+w "$school"
  s note "$id" "Yes." >/dev/null
  whole "after the read-only folder"
  echo "a read-only folder: refused whole, and read"
}

killed() {
  local n pid child told=0 took=0 repaired=0 out=$work/acts
  make "$work/killed"
  : >"$out"
  for n in $(seq "${KILLS:-30}"); do
    # acts one after the other, until one is cut off at some moment of its 20 ms or so
    (
      i=0
      while :; do
        i=$((i + 1))
        "$work/sendctl" --no-input -C "$school" note "$id" "kill $n act $i." >/dev/null 2>&1 && echo "kill $n act $i." >>"$out"
      done
    ) &
    pid=$!
    sleep "0.$(printf '%03d' $((RANDOM % 250 + 20)))"
    kill -STOP "$pid" # no further act begins
    child=$(pgrep -P "$pid" || true)
    if [ -n "$child" ]; then kill -KILL "$child" 2>/dev/null || true; fi
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null || true
    # It ends only when the kernel has finished a write it was in the middle of.
    while [ -n "$child" ] && state=$(sed 's/.*) //' "/proc/$child/stat" 2>/dev/null) && [[ $state != Z* ]]; do sleep 0.001; done
    s list >/dev/null 2>"$work/said" || fail "kill $n: the next command failed"
    if grep -q 'cut off' "$work/said"; then repaired=$((repaired + 1)); fi
    whole "kill $n"
  done
  git -C "$school" show "HEAD:$(cd "$school" && ls learners/*/cycles/*.yaml)" >"$work/head"
  while read -r line; do
    told=$((told + 1))
    [ "$(grep -cF "$line" "$work/head")" = 1 ] || fail "\"$line\" was said to be recorded and is there $(grep -cF "$line" "$work/head") times"
  done <"$out"
  took=$(grep -c 'kill [0-9]* act' "$work/head")
  said=$(unbroken "$school") || fail "after the kills the folder is not valid: $said"
  echo "${KILLS:-30} times kill -9: all $told acts said to be recorded are there ($took in all), $repaired were put right"
}

# A whole journey, cut off at some moment and typed again from where it stood, until it is through.
killed_journeys() {
  local n act pid cuts=0 again=0 ms
  for n in $(seq "$((${KILLS:-30} / 10))"); do
    make "$work/journey-$n"
    for act in advance passport agree request cite; do
      local -n args=$act
      while :; do
        local before
        before=$(git -C "$school" rev-parse HEAD)
        of "${args[@]}" >/dev/null 2>"$work/said" &
        pid=$!
        ms=$((RANDOM % 90 + 1))
        sleep "0.$(printf '%03d' "$ms")"
        if [ "$((RANDOM % 3))" -gt 0 ]; then pkill -KILL -P "$pid" 2>/dev/null || true; fi
        if wait "$pid" 2>/dev/null; then break; fi
        cuts=$((cuts + 1))
        s list >/dev/null 2>"$work/said" || fail "journey $n, $act: the next command failed"
        whole "journey $n, $act cut off"
        if [ "$(git -C "$school" rev-parse HEAD)" != "$before" ]; then break; fi # it was recorded all the same
        again=$((again + 1))
      done
    done
    said=$(unbroken "$school") || fail "journey $n is not valid after it was cut off: $said"
    [ "$(git -C "$school" rev-list --count HEAD)" = 8 ] || fail "journey $n: $(git -C "$school" rev-list --count HEAD) commits for eight acts"
  done
  echo "$n journeys cut off $cuts times, typed again $again times: every act is there once"
}

somebody_else() {
  make "$work/busy"
  exec {lock}>"$school/.git/sendctl/lock"
  flock "$lock"
  echo 'process 4242 on office-pc, sendctl review, since 09:15:00' >"$school/.git/sendctl/holder"
  local code=0 start=$SECONDS
  s note "$id" "Now?" >"$work/said" 2>&1 || code=$?
  [ "$code" = 6 ] || fail "beside somebody else it ended with $code, and 6 was to be"
  tr '\n' ' ' <"$work/said" | grep -q 'process 4242 on office-pc' || fail "it does not say who writes"
  s show "$id" >/dev/null || fail "reading waits for a writer"
  echo "beside somebody else: given up after $((SECONDS - start)) s, saying who"
  exec {lock}>&-
  rm "$school/.git/sendctl/holder"
  s note "$id" "Now." >/dev/null
  whole "after somebody else"
}

if [ -n "${ONLY-}" ]; then
  "$ONLY"
  exit
fi
if [ "$(id -u)" = 0 ] && mkdir "$work/try" && mount -t tmpfs tmpfs "$work/try" 2>/dev/null; then
  umount "$work/try"
  full_disk
else
  echo "not tried: a full disk (needs root and mount)"
fi
read_only
killed
killed_journeys
somebody_else
