package main

import (
	"strings"

	"github.com/sendctl/sendctl/pkg/seal"
)

// The forms of the invented school, with {words} for what differs between learners.

const settingForm = `format: setting/v1
name: Thornelaw Academy
urn: "000000"                  # these numbers belong to nobody
la: "929"
estab: "0000"
phase: all-through
pathway: northumberland
require_signatures: false
demonstration: {today: 2026-11-20}
policies:
  cycles_before_register: 2
  review_within_days: 14
  parent_meetings_a_year: 3
  element_2_threshold: 6000.00
  small_number_floor: 5
  retention_years_from_birth: 31
terms:
  - {id: spring-2026, from: 2026-01-05, to: 2026-03-27, half_term: [2026-02-14, 2026-02-22]}
  - {id: summer-2026, from: 2026-04-13, to: 2026-07-21, half_term: [2026-05-23, 2026-05-31]}
  - {id: autumn-2026, from: 2026-09-03, to: 2026-12-18, half_term: [2026-10-24, 2026-11-01]}
`

// people is people.yaml; the one who signs holds the key.
func people(signer seal.Signer) string {
	if signer == nil {
		return peopleForm
	}
	const before = "email: grimes@thornelaw.example\n"
	return strings.Replace(peopleForm, before, before+"    keys:\n      - {public: \""+signer.Public()+"\", from: 2025-09-01}\n", 1)
}

const peopleForm = `format: people/v1
people:
  - id: eyre
    name: M. Eyre
    role: senco
    email: eyre@thornelaw.example
  - id: grimes
    name: P. Grimes
    role: teacher
    email: grimes@thornelaw.example
  - id: sato
    name: L. Sato
    role: teacher
    email: sato@thornelaw.example
  - id: bell
    name: K. Bell
    role: teaching-assistant
    email: bell@thornelaw.example
`

const identityForm = `format: identity/v1
learner: {id}
name: {name}
legal_name:
  given: {name}
  family: {family}
born: {born}
sex: {sex}
upn: {upn}
family:
  - id: mum
    name: Helen {family}
    contact:
      best: text after 5pm
  - id: dad
    name: Paul {family}
`

const learnerForm = `format: learner/v1
learner: {id}
stage: initial-concerns
joined: {joined}
cohort: "{cohort}"
team: {responsible_teacher: {teacher}, senco: eyre}
family:
  - {id: mum, relation: mother, parental_responsibility: true, language: English}
  - {id: dad, relation: father, parental_responsibility: true}
sen_provision:
  - {from: {joined}, code: "N"}
`

const contactsForm = `format: contacts/v1
learner: {id}
contacts:
  - id: {contact}
    date: 2026-01-15
    with: [mum]
    by: {teacher}
    how: meeting
    about: concern
    told: what was noticed in class, and what would be tried
    said: It is the same at home.
    agreed:
      - five words on a card each night
    copy_given: true
`

const headForm = `responsible_teacher: {teacher}
assess:
  date: 2026-01-12
  strengths:
    - {strength}
  concerns:
    - by: {teacher}
      area: cognition-and-learning
      words: {concern}
  other_explanations:
    - cause: vision
      applies: false
      words: sight test clear, August 2025
    - {cause: attendance, applies: false}
    - {cause: eal, applies: false}
  evidence:
    - id: e1
      date: 2026-01-12
      kind: assessment
      what: tracked words read at sight
      value: {before}
      of: 30
      by: {teacher}
  learner_says:
    - words: {voice}
      how: talking while building
      date: 2026-01-12
  parents_say:
    - who: mum
      words: He hides his book bag.
      date: 2026-01-12
`

const planForm = `plan:
  date: 2026-01-16
  agreed_with: [learner, mum, {teacher}]
  universal:
    - word bank on the desk
    - class text read together beforehand
  targets:
    - id: t1
      area: cognition-and-learning
      outcome: will read 24 of 30 tracked words at sight
      measure:
        what: tracked words read at sight
        of: 30
        baseline: {before}
        target: 24
        better: higher
      due: 2026-03-20
    - id: t2
      area: cognition-and-learning
      outcome: will spell 14 of 20 tracked words in dictation
      measure:
        what: tracked words spelt in dictation
        of: 20
        baseline: 5
        target: 14
        better: higher
      due: 2026-03-20
  provision:
    - id: p1
      for: [t1, t2]
      what: precision teaching
      layer: targeted
      by: bell
      role: teaching-assistant
      ratio: "1:1"
      sessions: {per_week: 5, minutes: 10, weeks: 6}
      where: in-class
      additional: true
      fading: from daily to three times a week when 25 words are secure
  home:
    - who: mum
      words: the same five words on a card each night
  review_on: 2026-03-20
`

const firstForm = `format: cycle/v1
learner: {id}
id: {first}
opened: 2026-01-12
stage: initial-concerns
pathway: northumberland/1
` + headForm + planForm

const secondForm = `format: cycle/v1
learner: {id}
id: {second}
opened: 2026-04-20
stage: initial-concerns
pathway: northumberland/1
previous: {first}
responsible_teacher: {teacher}
assess:
  date: 2026-04-20
  strengths:
    - {strength}
  learner_says:
    - words: {voice}
      how: talking
      date: 2026-04-20
  parents_say:
    - who: mum
      words: The book bag comes home now.
      date: 2026-04-20
plan:
  date: 2026-04-24
  agreed_with: [learner, mum, {teacher}]
  universal:
    - word bank on the desk
  targets:
    - id: t1
      area: cognition-and-learning
      outcome: will read 27 of 30 tracked words at sight
      measure:
        what: tracked words read at sight
        of: 30
        baseline: {between}
        target: 27
        better: higher
      due: 2026-07-10
    - id: t2
      area: cognition-and-learning
      outcome: will spell 16 of 20 tracked words in dictation
      measure:
        what: tracked words spelt in dictation
        of: 20
        baseline: 9
        target: 16
        better: higher
      due: 2026-07-10
  provision:
    - id: p1
      for: [t1, t2]
      what: precision teaching
      layer: targeted
      by: bell
      role: teaching-assistant
      ratio: "1:1"
      sessions: {per_week: 5, minutes: 10, weeks: 8, planned: 38}
      additional: true
  review_on: 2026-07-10
`

const reviewForm = `review:
  date: 2026-03-20
  present: [learner, mum, {teacher}]
  recorded_by: grimes
  targets:
    - target: t1
      result: {between}
      score: -1
      next: adapt
      because: Some words more, still short.
    - target: t2
      result: 9
      score: -1
      next: continue
      because: Spells by sound; vowel teams are missing.
  provision:
    - provision: p1
      delivered: 27
      impact: some
      words: Two days lost to a school trip and one to a fire drill.
  learner_says:
    - words: {voice}
      how: talking
      date: 2026-03-19
  parents_say:
    - who: mum
      words: The book bag comes home now.
      date: 2026-03-20
  progress: less
  decision: another-cycle
  changes:
    - add a vowel-team group
`

const openForm = `format: cycle/v1
learner: {id}
id: {open}
opened: 2026-09-07
stage: initial-concerns
pathway: northumberland/1
previous: {second}
responsible_teacher: {teacher}
assess:
  date: 2026-09-07
  strengths:
    - {strength}
  learner_says:
    - words: {voice}
      how: talking
      date: 2026-09-07
  parents_say:
    - who: mum
      words: We kept the card going over the summer.
      date: 2026-09-07
plan:
  date: 2026-09-11
  agreed_with: [learner, mum, {teacher}]
  universal:
    - word bank on the desk
  targets:
    - id: t1
      area: cognition-and-learning
      outcome: will read 29 of 30 tracked words at sight
      measure:
        what: tracked words read at sight
        of: 30
        baseline: {after}
        target: 29
        better: higher
      due: 2026-11-20
    - id: t2
      area: cognition-and-learning
      outcome: will spell 18 of 20 tracked words in dictation
      measure:
        what: tracked words spelt in dictation
        of: 20
        baseline: 9
        target: 18
        better: higher
      due: 2026-11-20
  provision:
    - id: p1
      for: [t1, t2]
      what: precision teaching
      layer: targeted
      by: bell
      role: teaching-assistant
      ratio: "1:1"
      sessions: {per_week: 5, minutes: 10, weeks: 9}
      additional: true
  review_on: 2026-11-20
`

const correctionForm = `format: correction/v1
learner: {id}
id: {correction}
date: 2026-03-25
corrects: {first}
path: review.targets[1].result
was: 9
is: 11
because: Two words were missed in the count.
by: grimes
`
