#!/usr/bin/env bash
# A SENCo takes a new learner from a concern to a passport, a plan, STAR and COSA by
# terminal alone, with something unmet each time, and steps one learner down and one
# off, with all met. Questions and keys are counted: at 200 keys a minute, and four
# seconds to read a question, a person needs less than fifteen minutes. Then comes what
# became of the requests. Once as usual, once with --accessible, against
# testdata/transcripts.
#     UPDATE=1 32-journey.sh    writes the transcripts anew
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${SENDCTL:=$(cd "$here/../.." && pwd)/bin/sendctl}"
. "$here/terminal.bash"
printf '[user]\n\tname = M. Eyre\n\temail = eyre@example.org\n' >"$work/home/.gitconfig"
export HOME=$work/home GIT_CONFIG_NOSYSTEM=1
unset XDG_CONFIG_HOME
by_script() { "$work/bin/sendctl" --no-input -C "$folder" "$@" >/dev/null 2>"$work/said" || fail "$(cat "$work/said")"; }
fine() { "$work/bin/sendctl" --no-input -C "$folder" validate >/dev/null 2>"$work/said" || fail "$(cat "$work/said")"; }

# The school is there; of Ash and Bo a review has decided that less is enough, and
# the talk with their fathers is in the contact log.
school() {
  folder=$work/home/records$suffix
  today 2025-09-08
  "$SENDCTL" --no-input init "$folder" --name "Thornelaw Academy" --phase all-through --la 929 --estab 0000 >/dev/null
  by_script people add sato --name "L. Sato" --role teacher
  by_script people add bell --name "K. Bell" --role teaching-assistant
  by_script people add osei --name "T. Osei" --role educational-psychologist --organisation "LA psychological services" --qualification "HCPC registered"
  by_script people add marr --name "L. Marr" --role panel-chair --organisation "The local authority"
  by_script edit sendctl.yaml --set 'rates[0].role=teaching-assistant' --set 'rates[0].from=2025-09-01' --set 'rates[0].hourly=16.40'
  settled Ash passport end
  settled Bo sen-support-plan step-down
  today 2025-09-22
}

# settled NAME STAGE DECISION: somebody at that stage, with a reviewed cycle.
settled() {
  by_script create --name "$1" --family-name Example --born 2015-02-03 --teacher sato --joined 2023-09-04 --stage "$2" --sen K --since 2024-01-10 --main-need SLCN \
    --set 'family[0].id=dad' --set 'family[0].name=Lee Example' --set 'family[0].relation=father' --set 'family[0].parental_responsibility=true'
  local id
  id=$("$work/bin/sendctl" -C "$folder" list --ids --stage "$2")
  by_script plan "$id" --date 2025-09-08 --answers "$work/plan.json"
  by_script review "$id" --date 2025-09-08 --answers "$work/review.json" --decision "$3"
  by_script contact "$id" --with dad --how meeting --about register --told "What is to come." --copy-given
}
cat >"$work/plan.json" <<'END'
{"assess": {"concerns": [{"words": "Waits.", "area": "communication-and-interaction", "by": "sato"}], "learner_says": [{"words": "Fine."}], "parents_say": [{"who": "dad", "words": "Good."}]},
 "plan": {"review_on": "2025-10-14", "agreed_with": ["learner", "dad"],
  "targets": [{"outcome": "will ask for help", "area": "communication-and-interaction", "measure": {"what": "Times asked", "baseline": 1, "target": 3}}]}}
END
cat >"$work/review.json" <<'END'
{"present": ["learner", "dad"], "targets": [{"target": "t1", "result": 3, "score": 0, "next": "stop"}],
 "learner_says": [{"words": "I ask."}], "parents_say": [{"who": "dad", "words": "He asks."}],
 "progress": "as-expected", "because": "Asks without being told."}
END

# more ENTRY: goes on with a list; its prompt is nothing new to read.
more() {
  ended '> ' 'Next (empty'
  press "$1"
}

# a concern, a passport, a plan, STAR and COSA: none waits for what is not there.
upwards() {
  act j-create create
  ask 'What name' Robin
  ask 'given name' ''
  ask 'family name' Example
  ask 'date of birth' 3/4/2017
  ask 'teacher is responsible' sato
  ask 'join the setting' 1/9/2024
  ask 'Who is at home' mum
  ask 'name of mum' 'Kim Example'
  ask 'What are they' ''
  ask 'parental resp' yes
  ask 'Anyone else' s
  ask 'What is the concern' 'Reads 4 of 45 words.'
  ask 'Which area' 2
  ask 'Who raised it' sato
  ask 'first noticed' s
  ask 'good at' 'Builds bridges that hold.'
  more ''
  says Created

  # To a passport before any cycle is reviewed: it wants a reason.
  act advance 'advance robin'
  ask 'Where to' passport
  ask 'From what day' ''
  ask 'census code' ''
  ask 'main area of need' SPLD
  ask 'what is hard' s
  ask 'Whom have you told' ''
  ask 'How were they told' meeting
  ask 'On what day' ''
  ask 'What did you tell' 'Support begins: a passport, then a plan.'
  ask 'What did they say' 'Good. He hides his book.'
  ask 'in writing' y
  ask 'When is the meeting' s
  ask 'Why go ahead' 'He gives up.'
  ask 'Record this move' ''
  says 'Recorded and sealed'
  kept advance

  act passport 'passport robin'
  ask 'With whom' learner,mum,sato
  ask 'What should everyone know' 'I build bridges.'
  more ''
  ask 'When is it hard' s
  ask 'How can people help' 'Cover half the page.'
  more ''
  ask 'without help' s
  ask 'made' ''
  ask 'looked at again' ''
  ask 'staff' ''
  ask 'Record this' ''
  says Written
  kept passport

  act passport-agree 'passport robin agree'
  ask 'Who agree' learner,mum
  ask 'On what day' ''
  ask 'Record this' ''
  says 'Recorded and sealed'
  kept passport-agree

  # To a plan, since it is not enough.
  act j-plan-advance 'advance robin --to ssp'
  ask 'From what day' ''
  ask 'Which entry' 1
  ask 'When is the meeting' s
  ask 'Why go ahead' 'It is not enough.'
  ask 'Record this move' ''
  says 'Recorded and sealed'
  act j-plan 'plan robin'
  ask 'agreed' ''
  ask 'good at' s
  ask 'explain it' none
  ask 'looked at or measured' s
  ask 'What does Robin say' 'I like the bridge book.'
  ask 'find out' s
  ask 'that said' ''
  ask 'What does Kim' 'He reads road signs.'
  ask 'that said' ''
  ask 'What will Robin do' 'will read 30 of 45 words'
  ask 'Which area' ''
  ask 'What will be measured' 'Words read'
  ask 'Counted in' s
  ask 'Out of' 45
  ask 'figure now' 4
  ask 'hope for' 30
  ask 'better' ''
  ask 'Another target' s
  ask 'What support' 'Word reading'
  ask 'Who gives' bell
  ask 'times a week' 3
  ask 'minutes' 10
  ask 'weeks' 8
  ask 'how many learners' ''
  ask 'more than' y
  ask 'Any other' s
  ask 'good teaching' s
  ask 'at home' s
  ask 'Who agreed' 'learner, mum, sato'
  ask 'reviewed?' 21/11/2025
  ask 'Record this plan' ''
  says Recorded

  # STAR and COSA, both with something unmet.
  act request-open 'request robin open star'
  ask 'what day' ''
  ask 'Who asks' ''
  ask 'Why is it made' 'He reads with somebody near.'
  ask 'Which of the present targets' ''
  ask 'What else should be different' s
  ask 'What support is needed' 'A key worker.'
  more ''
  ask 'From what day' 3/11/2025
  ask 'To what day' 19/12/2025
  ask 'asked for first' 'a key worker'
  ask 'hours a week' 5
  ask 'how many weeks' 7
  ask 'Whose time' 1
  ask 'What else' s
  ask 'Since when does Kim' today
  ask 'agree' y
  ask 'Since when does Robin' today
  ask 'agree' y
  ask 'What does Robin' s
  ask 'Why is there nothing' s
  ask 'What does Kim' 'Please.'
  ask 'that said' ''
  ask 'By which consent' s
  ask 'Why does it go ahead' 'It cannot wait.'
  says Begun
  kept request-open

  act request-send 'request robin send'
  ask 'what day' ''
  ask 'Who declares' 1
  ask 'By which consent' s
  ask 'Send this' ''
  says 'Sent and sealed'
  kept request-send

  act j-cosa 'advance robin --to cosa'
  ask 'what day' ''
  ask 'Who asks' ''
  ask 'Why is it made' 'He may need a plan.'
  ask 'Which of the present targets' ''
  ask 'What else should be different' s
  ask 'What support' s
  ask 'Since when does Kim' today
  ask 'agree' y
  ask 'Since when does Robin' today
  ask 'agree' y
  ask 'What does Robin' s
  ask 'Why is there nothing' s
  ask 'What does Kim' 'Please.'
  ask 'that said' ''
  ask 'By which consent' s
  ask 'Why does it go ahead' 'He may need a plan.'
  says Begun
  act j-cosa-send 'request robin send'
  ask 'what day' ''
  ask 'Who declares' 1
  ask 'By which consent' s
  ask 'Send this' ''
  says 'Sent and sealed'
}

# One steps down and one off; everything the pathway looks for is there.
downwards() {
  act j-down 'advance bo --to passport'
  ask 'From what day' ''
  ask 'Which entry' 1
  ask 'When is the meeting' 29/9/2025
  ask 'Who is invited' ''
  ask 'Until when' ''
  ask 'Why this move' s
  ask 'Record this move' ''
  says 'Recorded and sealed'
  act j-off 'advance ash --to universal'
  ask 'From what day' ''
  ask 'census code' ''
  ask 'Which entry' 1
  ask 'Until when' ''
  ask 'Why this move' s
  ask 'Record this move' ''
  says 'Recorded and sealed'
}
# What comes of it: advice and what is done about it, letters, decisions, impact. The
# stage stays as it is; at the end Robin leaves.
afterwards() {
  today 2025-10-13
  act advice 'advice robin'
  ask 'Whose advice' osei
  ask 'What qualifies' ''
  ask 'were they asked' 1/10/2025
  ask 'did they see' 6/10/2025
  ask 'date of the advice' 10/10/2025
  ask 'Who agreed' mum
  ask 'What did they agree to' ''
  ask 'did they agree' 30/9/2025
  ask 'Until when' s
  ask 'What did they find' 'Names pictures slowly, and explains them well.'
  more ''
  ask 'What did they measure' s
  ask 'What do they recommend' 'Short lists, often.'
  ask 'What is done' s
  ask 'reason why' s
  ask 'What else do they' s
  ask 'did the parents' today
  ask 'By what day' s
  ask 'only for some' ''
  ask 'Record this advice' ''
  says Recorded
  kept advice
  act j-act 'advice robin act'
  ask 'Which recommendation' 1
  ask 'What came of it' 1
  ask 'What is done' 'Lists of five words.'
  ask 'Since when' ''
  says Recorded
  still
  act j-letter 'request robin letter --request cosa'
  ask 'What does it say' received
  ask 'Which day' 2025-09-24
  ask 'what number' s
  ask 'Anything else' s
  says 'Recorded and sealed'
  still
  today 2025-10-20
  act j-granted 'request robin decided --request star'
  ask 'did the panel meet' 2025-10-15
  ask 'What was decided' agreed
  ask 'For which of these' need-clear
  ask 'What reasons' 'The need is clear.'
  ask 'What does it depend' 'What it changed.'
  more ''
  ask 'How much' ''
  ask 'From what day' ''
  ask 'To what day' ''
  ask 'By what day do they' s
  ask 'Who sat' s
  ask 'How many of them' s
  ask 'Who chaired' marr
  ask 'second time' s
  ask 'Did the panel give scores' ''
  ask 'about the request itself' s
  ask 'were the family' today
  ask 'Record this decision' ''
  says 'The stage stays as it is'
  still
  act j-refused 'request robin decided --request cosa'
  ask 'did the panel meet' ''
  ask 'What was decided' declined
  ask 'For which of these' too-few-cycles
  ask 'What reasons' 'Review the plan first.'
  ask 'What would change' 'A second cycle.'
  more ''
  ask 'right to appeal' today
  ask 'Who sat' s
  ask 'How many of them' s
  ask 'Who chaired' s
  ask 'second time' s
  ask 'Did the panel give scores' ''
  ask 'may be, special' y
  ask 'under a plan' n
  ask 'in their words' s
  ask 'about the request itself' s
  ask 'were the family' today
  ask 'Record this decision' ''
  says 'The stage stays as it is'
  still
  grep -q '^stage: sen-support-plan$' "$folder"/learners/"$(the sen-support-plan)"/learner.yaml || fail "a refusal moved the learner"

  act next 'next robin'
  says 'Where to turn'
  kept next

  today 2025-12-19
  act j-impact 'request robin impact'
  ask 'On what day' ''
  ask 'the figure before' ''
  ask 'And after' 38
  ask 'What could be seen' s
  ask 'What did it come to' 'He reads the menu.'
  ask 'Record this impact' ''
  says 'Recorded and sealed'
  still
  act j-left 'advance robin --to left'
  ask 'From what day' ''
  ask 'census code' ''
  ask 'Which entry' s
  ask 'Whom have you told' ''
  ask 'How were they told' call
  ask 'On what day' ''
  ask 'What did you tell' 'The record goes with him.'
  ask 'What did they say' s
  ask 'in writing' ''
  ask 'Which setting' 'Hill School'
  ask 'Why go ahead' 'They move house.'
  ask 'Record this move' ''
  says 'Recorded and sealed'
  still
}

# the STAGE: the id of the learner at that stage.
the() { "$work/bin/sendctl" -C "$folder" list --ids --stage "$1"; }

# journey HOW SUFFIX: all of it, in a folder of its own.
journey() {
  how=$1 suffix=$2 questions=0 keys=0
  school
  upwards
  downwards
  local seconds=$((questions * 4 + keys * 60 / 200)) # 200 keys a minute
  counted="$questions questions, $keys keys: $((seconds / 60)) min $((seconds % 60)) s for a person"
  [ -n "$how" ] || [ "$seconds" -lt 900 ] || fail "from a concern to COSA: $counted"
  afterwards
  fine
  [ -z "$(git -C "$folder" status --porcelain)" ] || fail "git status is not clean"
  git -C "$folder" fsck --strict --no-dangling || fail "fsck"
  if git -C "$folder" log --all --format=%B --name-only | grep -iE 'robin|kim|lee|example' >&2; then fail "a name is in the history"; fi
}

start=$SECONDS
journey '' ''
echo "from a concern to a passport, a plan, STAR and COSA, one down, one off: $counted; all of it took $((SECONDS - start)) s of sendctl and machine"
journey ' --accessible' -accessible
alike advance passport passport-agree request-open request-send advice next
echo "nothing is redrawn, and nothing said by colour alone"
