# A person at a real terminal, for the steps: source this file. It starts shells
# in tmux, types into them, and waits for what they answer; never for a time.
# Needs $SENDCTL; makes $work and takes it away again.
work=$(mktemp -d)
tmux() { command tmux -S "$work/tmux" -f "$work/tmux.conf" "$@"; }
trap 'tmux kill-server 2>/dev/null || true; rm -rf "$work" 2>/dev/null || rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/home"
printf '%s\n' 'set -g history-limit 50000' 'set -g status off' 'set -g default-terminal screen' >"$work/tmux.conf"

# sendctl on the PATH of these shells counts from the day in $work/today: the
# transcripts must be the same on every day.
cat >"$work/bin/sendctl" <<END
#!/bin/sh
exec "$SENDCTL" --today "\$(cat "$work/today")" "\$@"
END
chmod +x "$work/bin/sendctl"
today() { echo "$1" >"$work/today"; }
today 2025-09-22

wait_fd=
mkfifo "$work/pause"
exec {wait_fd}<>"$work/pause" # never has anything to read: reading it with a limit is a pause without a process
pause() { IFS= read -r -t "$1" -u "$wait_fd" _ || true; }

fail() {
  printf 'failed: %s\n' "$*" >&2
  if [ -n "${pane-}" ]; then
    echo '--- the terminal, at its end:' >&2
    tmux capture-pane -p -S -60 -t "$pane" | sed -e '/^ *$/d' | tail -n 40 >&2
  fi
  exit 1
}

# terminal NAME [VARIABLE=VALUE…]: a new terminal of 80 columns and 24 rows, from
# now on the one that is typed into. The bytes it is sent are kept in $work/NAME.raw.
# The shell edits no lines, so that every byte is its echo or sendctl's.
terminal() {
  pane=$1
  shift
  : >"$work/$pane.raw"
  tmux new-session -d -s "$pane" -x 80 -y 24 -c "${folder-$work/home}" \
    env -i PATH="$work/bin:$PATH" HOME="$work/home" GIT_CONFIG_NOSYSTEM=1 TERM=screen LANG=C.UTF-8 PS1='$ ' \
    PROMPT_COMMAND="echo \$? >'$work/code'" "$@" bash --norc --noprofile --noediting 3>&- {wait_fd}>&-
  tmux pipe-pane -t "$pane" "cat >>'$work/$pane.raw'"
  exec {raw}<"$work/$pane.raw"
  since='' shown=''
  tmux send-keys -t "$pane" "printf 'rea''dy'; clear" Enter
  ended '$ ' ready
  begun=$(stat -c %s "$work/$pane.raw") # what came before is the shell's own
  tmux clear-history -t "$pane"
}

# hear reads what has come since the last key.
hear() {
  local more
  IFS= read -r -d '' -u "$raw" more || true
  [ -n "$more" ] || return 0
  since+=$more
  shown=$(sed 's/\x1b\[[0-9;]*[mHJK]//g' <<<"$since" | tr -s '[:space:]' ' ')
}

# ended TEXT [WORDS]: waits until the last that came is TEXT, and WORDS among it.
ended() {
  local until=$((SECONDS + ${PATIENCE:-30}))
  while :; do
    hear
    case ${shown% }' ' in *"$1") case $shown in *"${2-}"*) return 0 ;; esac ;; esac
    [ "$SECONDS" -lt "$until" ] || fail "waited for \"${2-}\" and then \"$1\" in vain"
    pause 0.01
  done
}

keys=0 questions=0
# press types text and Enter.
press() {
  since='' shown=''
  keys=$((keys + ${#1} + 1))
  if [ -n "$1" ]; then tmux send-keys -t "$pane" -l -- "$1"; fi
  tmux send-keys -t "$pane" Enter
}

# run COMMAND: types a command at the shell's prompt.
run() {
  ended '$ '
  press "$1"
}

# ask WORDS ANSWER: waits for a question with WORDS in it, and answers it.
ask() {
  ended '> ' "$1"
  questions=$((questions + 1))
  press "$2"
}

# says WORDS: waits for the command to end, having said WORDS, with the code 0 or the one given.
says() {
  ended '$ ' "$1"
  local code
  code=$(cat "$work/code")
  [ "$code" = "${2-0}" ] || fail "it ended with $code, and ${2-0} was to be"
}

# paste FILE: pastes it at the prompt, as a terminal does, all at once.
paste() {
  since='' shown=''
  tmux load-buffer "$1"
  tmux paste-buffer -d -t "$pane"
}

# transcript: everything the terminal shows and has shown, ids and times made the
# same in every run.
transcript() {
  local subs=() dir name id learners=0 files=0
  while read -r dir; do # in the order of their names: ids are by chance
    learners=$((learners + 1))
    subs+=(-e "s/\\b$(basename "$dir")\\b/LEARNER$learners/g")
    while read -r name; do
      id=${name%.yaml}
      id=${id##*-}
      files=$((files + 1))
      subs+=(-e "s/\\b$id\\b/FIL$files/g")
    done < <(cd "$dir" && ls cycles moves requests advice corrections 2>/dev/null | grep '\.yaml$')
  done < <(grep '^name:' "$1"/learners/*/identity.yaml /dev/null 2>/dev/null | sed 's:/identity.yaml\:: :' | sort -k 3 | cut -d ' ' -f 1)
  tmux capture-pane -p -S - -t "$pane" |
    sed "${subs[@]}" -e "s:$work:WORK:g" -e 's/ on [0-9]* [A-Z][a-z]* 20[0-9][0-9] at [0-9][0-9]:[0-9][0-9]/ on DAY at TIME/' \
      -e 's/ *$//' | sed -e ':a' -e '/^\n*$/{$d;N;ba' -e '}'
}

golden=$(cd "$(dirname "${BASH_SOURCE[0]}")/../transcripts" && pwd)
# act NAME COMMAND: a new terminal in the folder, in which COMMAND is typed. $how is
# " --accessible" or nothing, and $suffix what tells the names of the two apart.
act() {
  terminal "$1$suffix"
  run "sendctl${2:+ $2}$how"
}

# kept NAME: holds the transcript of the terminal of this act against the one in
# testdata/transcripts; with UPDATE=1 it writes that one anew.
kept() {
  transcript "$folder" >"$work/$1$suffix.txt"
  if [ -n "${UPDATE-}" ]; then
    cp "$work/$1$suffix.txt" "$golden/$1$suffix.txt"
  else
    diff -u "$golden/$1$suffix.txt" "$work/$1$suffix.txt" || fail "the transcript $1$suffix.txt has changed (UPDATE=1 writes it anew)"
  fi
  still
}

# still: nothing was redrawn: no byte moves the cursor; what is left are colours, and
# with --accessible nothing.
still() {
  local raw
  raw=$(tail -c "+$((begun + 1))" "$work/$pane.raw" | sed 's/\r$//')
  case $raw in *$'\r'* | *$'\b'*) fail "the cursor was moved by a control character" ;; esac
  if [ -n "$how" ]; then
    case $raw in *$'\e'*) fail "an escape sequence with --accessible" ;; esac
  elif sed 's/\x1b\[[0-9;]*m//g' <<<"$raw" | grep -q $'\e'; then
    fail "an escape sequence that is no colour"
  fi
}

# alike NAME...: with --accessible these said the same words.
alike() {
  local name
  for name; do
    diff <(sed 's/ --accessible//; s/-accessible//g' "$work/$name-accessible.txt" | tr -s '[:space:]' '\n') \
      <(tr -s '[:space:]' '\n' <"$work/$name.txt") >&2 || fail "$name says something else with --accessible"
  done
}
