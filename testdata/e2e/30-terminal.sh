#!/usr/bin/env bash
# Somebody new makes a record folder, a learner, two cycles and a correction by
# terminal alone, once as usual and once with --accessible; what the terminals
# showed is held against testdata/transcripts. Needs no folder.
#     UPDATE=1 30-terminal.sh    writes the transcripts anew
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${SENDCTL:=$(cd "$here/../.." && pwd)/bin/sendctl}"
. "$here/terminal.bash"

me() { printf '[user]\n\tname = M. Eyre\n\temail = eyre@example.org\n' >"$work/home/.gitconfig"; }
me

journey() {
  how=$1 suffix=$2
  folder=$work/home/records$suffix
  today 2025-09-22
  mkdir "$folder"
  act init init
  ask 'name of the setting' 'Thornelaw Academy'
  ask 'What kind of setting' all-through
  ask 'local authority number' 929
  ask 'establishment number' 0000
  ask URN s
  ask 'Your name' ''
  ask 'short word' ''
  ask 'Your role' ''
  says 'Made the record folder'
  kept init

  act create create
  ask 'What name' Robin
  ask 'given name' ''
  ask 'family name' Example
  ask 'date of birth' 3/4/2017
  ask 'teacher is responsible' ''
  ask 'join the setting' 1/9/2024
  ask 'Who is at home' mum
  ask 'name of mum' 'Kim Example'
  ask 'What are they' ''
  ask 'parental resp' yes
  ask 'Anyone else' s
  ask 'What is the concern' 'Robin reads four of forty-five words, and hides the book.'
  ask 'Which area' 2
  ask 'Who raised it' ''
  ask 'first noticed' s
  ask 'good at' 'Builds bridges that hold.'
  ask 'Next' ''
  says Created
  kept create

  act plan 'plan robin'
  ask 'agreed' ''
  ask 'good at' s
  ask 'explain it' none
  ask 'looked at or measured' 'First 45 high-frequency words, shown singly'
  ask 'kind of evidence' ''
  ask 'The figure' 4
  ask 'how many' 45
  ask 'Counted in' words
  ask 'When was' ''
  ask 'Anything else that was' s
  ask 'What does Robin say' 'I like the bridge book.'
  ask 'find out' 'Talking over a model'
  ask 'that said' 2025-09-19
  ask 'What does Kim' 'He reads road signs with me.'
  ask 'that said' ''
  ask 'What will Robin do' 'will read 30 of the first 45 words when shown them singly'
  ask 'Which area' ''
  ask 'What will be measured' 'Words read of the first 45'
  ask 'Counted in' words
  ask 'Out of' 45
  ask 'figure now' 4
  ask 'hope for' 30
  ask 'better' ''
  ask 'Another target' s
  ask 'What support' 'Word reading, one to one'
  ask 'Who gives' 1
  ask 'times a week' 3
  ask 'minutes' 10
  ask 'weeks' 8
  ask 'how many learners' ''
  ask 'more than' ''
  ask 'Any other' s
  ask 'good teaching' s
  ask 'at home' s
  ask 'Who agreed' 'learner, mum, eyre'
  ask 'reviewed?' 21/11/2025
  ask 'Record this plan' ''
  says Recorded
  kept plan

  today 2025-11-21
  act review review
  ask '1 of 1' ''
  ask 'what day' ''
  ask 'took part' 1,2,3
  ask 'figure now' 17
  ask 'expected' -1
  ask 'What happens with' adapt
  ask 'why?' 'It works, slowly.'
  ask 'How many sessions' 20
  ask 'attend' 19
  ask 'help' 2
  ask 'in the way' 'The hall was in use.'
  ask 'What does Robin' 'I can read the bus.'
  ask 'find out' s
  ask 'that said' ''
  ask 'What does Kim' 'He reads to his sister.'
  ask 'that said' s
  ask 'Anything else' s
  ask 'Taken' 2
  ask 'What happens now' 1
  ask 'Why this' s
  ask 'different' 'Ten minutes after break.'
  ask 'Next' ''
  ask 'Record this review' ''
  says Recorded
  kept review

  act plan-2 'plan robin'
  ask 'agreed' ''
  ask 'good at' s
  ask 'looked at' s
  ask 'What does Robin say' s
  ask 'Why is there nothing' 'Away today.'
  ask 'What does Kim' 'More of it, please.'
  ask 'that said' ''
  ask 'Carried on' ''
  ask 'Which area' ''
  ask 'What will be measured' ''
  ask 'Counted in' ''
  ask 'Out of' ''
  ask 'figure now' ''
  ask 'hope for' 40
  ask 'better' ''
  ask 'Another target' s
  ask 'what support' ''
  ask 'Who gives' ''
  ask 'times a week' ''
  ask 'minutes' ''
  ask 'weeks' 12
  ask 'how many learners' ''
  ask 'more than' ''
  ask 'Any other' s
  ask 'good teaching' s
  ask 'at home' s
  ask 'Who agreed' '1 3'
  ask 'reviewed?' 2026-02-06
  ask 'Record this plan' ''
  says Recorded

  today 2026-02-06
  act review-2 'review robin --progress more'
  ask 'what day' today
  ask 'took part' 1,3
  ask 'figure now' 38
  ask 'expected' 1
  ask 'What happens with' reduce
  ask 'why?' s
  ask 'How many sessions' 36
  ask 'attend' 35
  ask 'help' much
  ask 'What does Robin' 'I read the menu.'
  ask 'find out' s
  ask 'that said' ''
  ask 'What does Kim' s
  ask 'Why is there' 'She was at work.'
  ask 'Anything else' s
  ask 'What happens now' step-down
  ask 'Why this' 'Reads with the class now.'
  ask 'Record this review' ''
  says Recorded
  kept review-2

  act correct 'correct robin'
  ask 'Which sealed file' 1
  ask 'Where is the mistake' review
  ask 'Which value' 'review.targets[0].result'
  ask 'should it say' 39
  ask 'How did the mistake' 'One word was missed in the count.'
  ask 'what day' ''
  says Recorded

  act show 'show robin'
  says Robin
  kept show
  [ "$(wc -l <"$work/show$suffix.txt")" -le 24 ] || fail "show is longer than a screen"
  "$SENDCTL" -C "$folder" --no-input validate >/dev/null 2>&1 || fail "the folder is not valid"
  [ -z "$(git -C "$folder" status --porcelain)" ] || fail "git status is not clean"
  git -C "$folder" fsck --strict --no-dangling || fail "fsck"
}

start=$SECONDS
journey '' ''
echo "from init to a correction: $questions questions, $keys keys, $((SECONDS - start)) s of sendctl and machine"
journey ' --accessible' -accessible
# Nothing depends on colour or glyphs: without them the same is said.
alike init create plan review review-2 show
echo "nothing is redrawn, and nothing said by colour alone"
