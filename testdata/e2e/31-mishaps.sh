#!/usr/bin/env bash
# What goes wrong at a terminal: Ctrl-C, kill -9 and a closed window in the middle of
# a review, a move, a passport and a request; q, going back, skipping, an editor, long
# and several-line pastes, a queue of reviews, hand edits. Nothing typed is lost, and
# nothing half done is recorded. Needs no folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${SENDCTL:=$(cd "$here/../.." && pwd)/bin/sendctl}"
. "$here/terminal.bash"
printf '[user]\n\tname = M. Eyre\n\temail = eyre@example.org\n' >"$work/home/.gitconfig"
export HOME=$work/home GIT_CONFIG_NOSYSTEM=1
unset XDG_CONFIG_HOME
today 2025-09-22
folder=$work/home/records
by_script() { "$work/bin/sendctl" --no-input -C "$folder" "$@" >/dev/null; }
"$SENDCTL" --no-input init "$folder" --name "Thornelaw Academy" --phase all-through --la 929 --estab 0000 >/dev/null
cat >"$work/plan.json" <<'END'
{"assess": {"learner_says": [{"not_sought": "Away."}], "parents_say": [{"who": "mum", "words": "Good."}]},
 "plan": {"review_on": "2025-11-14", "agreed_with": ["eyre"],
  "targets": [{"outcome": "will read 30 words", "area": "cognition-and-learning", "measure": {"what": "Words read", "baseline": 4, "target": 30, "better": "higher"}},
              {"outcome": "will write 5 words", "area": "cognition-and-learning", "measure": {"what": "Words written", "baseline": 0, "target": 5, "better": "higher"}}]}}
END
for name in Robin Ash; do
  by_script create --name "$name" --family-name Example --born 2017-04-03 --teacher eyre --joined 2024-09-02 --concern "Reads four words." --area cognition-and-learning --by eyre \
    --set 'family[0].id=mum' --set 'family[0].name=Kim Example' --set 'family[0].relation=mother' --set 'family[0].parental_responsibility=true'
done
for id in $(ls "$folder/learners"); do by_script plan "$id" --answers "$work/plan.json"; done
today 2025-11-21

# A queue of two; the second is left. Ctrl-C in the middle keeps what was typed.
EDITOR=$work/bin/editor
printf '#!/bin/sh\nprintf "%%s\\n" "From the editor, first line." "Second line." >"$1"\n' >"$EDITOR"
chmod +x "$EDITOR"
terminal mishaps EDITOR="$EDITOR"
run 'sendctl review'
ended '> ' '2 due'
ask '1 of 2' later
ask '2 of 2' stop
says ''
run 'sendctl review robin'
ask 'what day' ''
ask 'took part' 1,3
ended '> ' 'figure now'
since='' shown=''
tmux send-keys -t "$pane" C-c
says 'What you typed is kept' 130
run 'sendctl review robin'
ask 'with 2 answers given' ''
# two steps back, and forward again by Enter
ask 'figure now' b
ask 'Your answer so far' b
ask 'what day' ''
ask 'took part' ''
# a skipped figure needs a reason; ? says why; the editor writes it
ask 'figure now' '?'
ask 'measured in the same way' s
ask 'Why was it not measured' e
ask 'What happens with' continue
ended '> ' 'In a sentence'
# killed: everything up to here is kept
kill -9 "$(pgrep -P "$(tmux display-message -p -t "$pane" '#{pane_pid}')")"
ended '$ ' Killed
run 'sendctl review robin'
ask 'with 5 answers given' ''
# several lines pasted are one answer
printf 'One line of a paste.\nAnd another one.\n' >"$work/paste"
ended '> ' 'In a sentence'
paste "$work/paste"
ended '> ' '2 lines came at once'
ask 'figure now' 3
ask 'expected' 0
ask 'What happens with' stop
# five thousand letters in one line: more than a terminal passes on
head -c 5000 /dev/zero | tr '\0' x >"$work/paste"
ended '> ' 'In a sentence'
paste "$work/paste"
tmux send-keys -t "$pane" Enter
ask 'its end is probably missing' no
ask 'What does Robin' 'I can read it.'
ask 'find out' q
says 'What you typed is kept' 130
run 'sendctl review robin'
ask 'answers given' ''
ask 'find out' s
ask 'that said' ''
ask 'What does Kim' s
ask 'Why is there nothing' 'At work.'
ask 'Anything else' s
ask 'Taken' 3
ask 'What happens now' 1
ask 'Why this' s
ask 'different' s
ask 'Record this review' 1
says Recorded
cycle=$(ls "$folder"/learners/*/cycles/*.yaml | xargs grep -l '^review:')
for words in 'From the editor, first line.' 'Second line.' 'One line of a paste.' 'And another one.' 'I can read it.' 'At work.'; do
  grep -qF "$words" "$cycle" || fail "\"$words\" was typed and is not in the record"
done
[ "$(tr -cd x <"$cycle" | wc -c)" -gt 4000 ] || fail "of the long paste not even what a terminal passes on is in the record"
[ -z "$(ls "$folder/.git/sendctl/drafts")" ] || fail "a draft is left of what is recorded"

# A hand edit not yet recorded is asked about, and recorded on its own.
other=$(ls "$folder"/learners/*/cycles/*.yaml | xargs grep -L '^review:')
echo '# seen in the staff room' >>"$other"
run 'sendctl review'
ask '1 of 1' ''
ask 'what day' ''
ask 'took part' 1
for n in 1 2; do
  ask 'figure now' "$n"
  ask 'expected' 0
  ask 'What happens with' 1
  ask 'why?' s
done
ask 'What does Ash' s
ask 'Why is there nothing' 'Away.'
ask 'What does Kim' 'Good.'
ask 'that said' ''
ask 'Anything else' s
ask 'Taken' 3
ask 'What happens now' 1
ask 'Why this' s
ask 'different' s
ask 'Record this review' ''
ask 'Record that first' ''
says Recorded
grep -qF '# seen in the staff room' "$other" || fail "the hand edit is gone"
[ "$(git -C "$folder" log --format=%s -2 | cut -d: -f1 | tr '\n' ' ')" = 'review edit ' ] || fail "the hand edit was not recorded on its own"

# unrecorded: what was broken off left the record as it was.
unrecorded() {
  [ "$(git -C "$folder" rev-parse HEAD)" = "$head" ] || fail "something was recorded of what was broken off"
  [ -z "$(git -C "$folder" status --porcelain)" ] || fail "what was broken off left something in the folder"
}
head=$(git -C "$folder" rev-parse HEAD)
# killed: kill -9 of the command that waits for an answer.
killed() {
  kill -9 "$(pgrep -P "$(tmux display-message -p -t "$pane" '#{pane_pid}')")"
  ended '$ ' Killed
}
# interrupted: Ctrl-C there.
interrupted() {
  since='' shown=''
  tmux send-keys -t "$pane" C-c
  says 'What you typed is kept' 130
}
# closed NAME WORDS: the window is closed there; the command ends by itself. A new one is opened.
closed() {
  ended '> ' "$2"
  local command
  command=$(pgrep -P "$(tmux display-message -p -t "$pane" '#{pane_pid}')")
  tmux kill-session -t "$pane"
  local until=$((SECONDS + 30))
  while kill -0 "$command" 2>/dev/null; do
    [ "$SECONDS" -lt "$until" ] || fail "the command goes on without its terminal"
    pause 0.01
  done
  unrecorded
  terminal "$1"
}

# A move, broken off three times. What is unmet is asked for its reason, and the
# reason is sealed with it.
run 'sendctl advance robin --to passport'
ended '> ' 'Enough cycles'
ask 'From what day' ''
ask 'census code' ''
ended '> ' 'main area of need'
interrupted
unrecorded
run 'sendctl advance robin --to passport'
ask 'with 2 answers given' ''
ask 'main area of need' SPLD
ask 'what is hard' 'Reading alone.'
ended '> ' 'Whom have you told'
killed
unrecorded
run 'sendctl advance robin --to passport'
ask 'with 4 answers given' ''
ask 'Whom have you told' ''
ask 'How were they told' call
ask 'On what day' ''
ask 'What did you tell' 'That support begins.'
closed after-move 'What did they say'
run 'sendctl advance robin --to passport'
ask 'answers given' ''
ask 'What did they say' 'At last.'
ask 'in writing' ''
ask 'When is the meeting' s
ask 'Not everything the pathway looks for' s
ask "can't be skipped" 'One cycle says enough.'
ask 'Record this move' ''
says 'Recorded and sealed'
move=$(ls "$folder"/learners/*/moves/*.yaml)
for words in 'because: One cycle says enough.' 'met: false'; do
  grep -qF "$words" "$move" || fail "\"$words\" is not in the move"
done
for words in 'That support begins.' 'At last.' 'Reading alone.'; do
  grep -rqF "$words" "$folder"/learners || fail "\"$words\" was typed and is not in the record"
done

# A passport, broken off in the middle of a list.
head=$(git -C "$folder" rev-parse HEAD)
run 'sendctl passport robin'
ask 'With whom' 1,2
ask 'What should everyone know' 'I build bridges.'
ended '> ' 'Next (empty'
press 'I draw them too.'
ended '> ' 'Next (empty'
interrupted
unrecorded
run 'sendctl passport robin'
ask 'with 2 answers given' ''
ask 'When is it hard' s
ask 'How can people help' 'Cover half the page.'
ended '> ' 'Next (empty'
press 'Let me finish.'
ended '> ' 'Next (empty'
killed
unrecorded
run 'sendctl passport robin'
ask 'with 4 answers given' ''
ask 'without help' s
ask 'made' ''
closed after-passport 'looked at again'
run 'sendctl passport robin'
ask 'with 6 answers given' ''
ask 'looked at again' ''
ask 'staff' ''
ended '> ' 'Record this'
for words in 'I build bridges.' 'I draw them too.' 'Cover half the page.' 'Let me finish.'; do
  grep -qF "$words" <<<"$shown" || fail "\"$words\" was typed and is not read back"
done
press ''
says Written
for words in 'I build bridges.' 'I draw them too.' 'Cover half the page.' 'Let me finish.'; do
  grep -qF "$words" "$folder"/learners/*/passport.yaml || fail "\"$words\" was typed and is not in the passport"
done

# A request.
head=$(git -C "$folder" rev-parse HEAD)
run 'sendctl advance robin --to cosa'
ask 'what day' ''
ask 'Who asks' ''
ask 'Why is it made' 'He may need a plan.'
ended '> ' 'Which of the present targets'
interrupted
unrecorded
run 'sendctl request robin open cosa' # the same thing in other words
ask 'with 3 answers given' ''
ask 'Which of the present targets' ''
ask 'What else should be different' 'He reads alone.'
ended '> ' 'Next (empty'
press ''
ended '> ' 'What support'
killed
unrecorded
run 'sendctl request robin open cosa'
ask 'with 5 answers given' ''
ask 'What support' s
ask 'Since when does Kim' today
ask 'agree' y
closed after-request 'Since when does Robin'
run 'sendctl request robin open cosa'
ask 'with 8 answers given' ''
ask 'Since when does Robin' s
ask 'What does Robin' s
ask 'Why is there nothing' 'At the dentist.'
ask 'What does Kim' 'I ask for it.'
ask 'that said' ''
ask 'By which consent' s
ask 'Why does it go ahead' s
ask "can't be skipped" 'It is her right.'
says Begun
for words in 'He may need a plan.' 'will read 30 words' 'will write 5 words' 'He reads alone.' 'I ask for it.' 'It is her right.'; do
  grep -qF "$words" "$folder"/learners/*/requests/*.yaml || fail "\"$words\" was typed and is not in the request"
done
[ -z "$(ls "$folder/.git/sendctl/drafts")" ] || fail "a draft is left of what is recorded"

[ -z "$(git -C "$folder" status --porcelain)" ] || fail "git status is not clean"
git -C "$folder" fsck --strict --no-dangling || fail "fsck"
by_script validate 2>/dev/null || fail "the folder is not valid"
echo "after Ctrl-C, kill -9, q, keys, pastes, an editor and hand edits everything typed is in the record"
