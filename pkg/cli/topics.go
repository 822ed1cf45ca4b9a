package cli

import "github.com/spf13/cobra"

// helpTopics are pages of help that are no commands.
func helpTopics() []*cobra.Command {
	topic := func(name, short, long string) *cobra.Command {
		return &cobra.Command{Use: name, Short: short, Long: long}
	}
	return []*cobra.Command{
		topic("exit-codes", "what the exit codes mean", exitCodes),
		topic("stages", "what each stage holds, asks for and leads to", stagesTopic),
		topic("records", "the files of a record folder", recordsTopic),
		topic("audit-trail", "what is sealed, and what verifying finds", auditTopic),
		topic("json", "what --json prints", jsonTopic),
		topic("environment", "variables and settings that matter", environmentTopic),
	}
}

const recordsTopic = `A record folder is a school's SEN filing cabinet, as files in a git repository:
one folder for each learner, one file for each form.

  sendctl.yaml            the setting: name, numbers, policies, terms, rates
  people.yaml             the adults who act: staff and people from outside
  pathway.yaml            the approach you follow: stages, words, numbers

  learners/ID/
    identity.yaml         the front sheet; the only file that names the child
    learner.yaml          where the learner is: stage, census code, needs, team
    contacts.yaml         the contact log; you can only add entries
    cycles/               one file for each assess-plan-do-review cycle
    passport.yaml         the passport  } each agreed version is sealed
    profile.yaml          the profile   }
    readings.yaml         which staff have read which version
    moves/                one file for each change of stage, with its gate
    requests/             a STAR or COSA request, and the letters, decisions
                          and impacts that follow it
    advice/               one professional's advice, and what came of it
    corrections/          each puts right one value of a sealed file
    seals/                one small seal for each sealed file or version
    attachments/          reports and pictures
    handovers/            which setting the record went to, and its receipt
    arrivals/             which setting it came from
    people.yaml           the adults named in a record that came from elsewhere

  keys/                   each change to the list of signing keys
  removals/               what is left of what was removed from all the history
  seals/                  the seals of those two

ID is eight random letters and digits that give nothing away. Every file says
which learner it belongs to (learner:) and which file it is (id:). Its name is
made of its date, its kind and its id.

The files are plain YAML. You can read, write and correct them in any editor. To
make sure that every program reads them the same way, there are strict rules:
one document; no anchors or tags; no key twice; quotes round codes such as "N"
and ratios such as "1:4"; and quotes round text in braces or brackets, because a
comma would end it there. sendctl changes only the lines it has to; your
comments, order and blank lines stay.

These are sealed when they are recorded: a reviewed cycle, a move, a sent
request and what follows it, a correction, a handover, a removal, and an agreed
version of a passport or profile. The seal holds the hash of the file, who
recorded it and when, and the hashes of the learner's seals before it. A sealed
file never changes. If one did, sendctl validate says so; sendctl audit verify
says what happened to any of them at any time.

sendctl schema KIND prints the JSON Schema of a kind of file, with a sentence
about every key.
`

const environmentTopic = `Variables that sendctl reads:

  NO_COLOR=1          no colour; any value will do
  ACCESSIBLE=1        no cursor movement, no glyphs, no progress bars
  VISUAL, EDITOR      the editor for long text (git's core.editor goes first)
  GIT_AUTHOR_NAME     who records, in place of git's user.name and user.email;
  GIT_AUTHOR_EMAIL    GIT_COMMITTER_NAME and _EMAIL work the same way
  SSH_AUTH_SOCK       the SSH agent, if it holds the signing key

Git settings that sendctl follows:

  user.name, user.email      who records; the e-mail must be in people.yaml
  gpg.format=ssh, user.signingkey
                             sign what is recorded with this key
  commit.gpgsign             sign commits too
  core.hooksPath, hooks      git itself makes the commit, so your hooks run
  core.editor                the editor for long text

No variable or flag can change when something was recorded. --today changes the
day from which due dates and defaults are counted, and nothing else.
`

const jsonTopic = `With --json, a command prints one JSON document on stdout. Its "format" names
the shape. Keys may be added to a format, but never change or disappear. Dates
are YYYY-MM-DD ("" if there is none), moments are RFC 3339. An error is one line
of sendctl-error/1 on stderr: exit_code, message, findings. If an act finds that
nothing needs to change and records nothing, it gives sendctl-nothing/1. Output
from a made-up folder has "demonstration", its day.

A key such as stage, decision or responsible_teacher holds a code or an id, or
a list of them. The same key with _words or _name holds what people read. A
person is the id of an adult or of a relative, or learner. Figures, such as
baseline, target, now, score and delivered, are strings, as they are written in
the record. Lists are arrays; an empty one may be left out.

create, plan, note, contact, review, advance, passport, profile, advice,
request, correct, edit, undo, init, people add, people add-key, people
revoke-key, retention hold, retention release, sync allow
  sendctl-done/1       act, learner, file, paths, commit, seals
advance --check, and when a reason is needed
  sendctl-gate/1       learner, from, to, way, usual, met, lines: check, kind,
                       state, found, satisfy, who, source, cites
show LEARNER
  sendctl-show/1       id, name, year, stage, joined, responsible_teacher,
                       senco, open_cycle, last_review (each as a cycle is
                       below), cycles, requests, documents, last_advice,
                       last_move, cost, contacts, next, faults
show LEARNER FILE
  sendctl-cycle/1      id, stage, responsible_teacher, opened, planned,
                       review_on, agreed_with, targets, support: by, impact;
                       notes: by; voices, concerns, home: who, words;
                       evidence: date, what; review: date, present,
                       recorded_by, progress, decision; corrected: path, was,
                       is, because, by
  sendctl-move/1, sendctl-letter/1, sendctl-decision/1, sendctl-impact/1,
  sendctl-advice-file/1, sendctl-contact/1, sendctl-contacts/1,
  sendctl-correction/1 the keys of the file, with words and corrections
request LEARNER; request LEARNER show
  sendctl-requests/1   learner, requests
  sendctl-request/1    id, kind, state, asks, basis, voices, evidence,
                       readiness: item, state; costs, limits: from, due, met;
                       letters, decisions, impacts
passport LEARNER show, profile LEARNER show
  sendctl-document/1   document, version, state, made, review_on, with, lists,
                       agreed, shared_with, read, unread, stale
advice LEARNER show
  sendctl-advice/1     advice: by, date, consent, findings, recommendations
next LEARNER
  sendctl-next/1       stage, sen_provision, open_cycle, requests, owed: what,
                       on, who, sentence, do; steps: to, way, met, checks;
                       other_ways, help
help stages
  sendctl-stages/1     pathway, version, stages, requests
list
  sendctl-list/1       learners: id, name, year, stage, sen_provision,
                       responsible_teacher, open_cycle, review_on, requests
due
  sendctl-due/1        today, within_days, due: id, name, year, stage, what,
                       on, who, sentence, do, responsible_teacher, cycle,
                       review_on, overdue_days
log
  sendctl-log/1        id, events: commit, action, happened, recorded,
                       recorded_by_name, sentence, more, file
diff
  sendctl-diff/1       from, to, since, until, parts: title, sentences
validate
  sendctl-findings/1   findings: rule, severity, file, path, span, message,
                       hint; summary: files, errors, warnings, advice, info
explain
  sendctl-rule-groups/1  groups: name, span, title, rules
  sendctl-rules/1      rules: name, id, severity, also, group, about, source,
                       guards
  sendctl-rule/1       rule: the same, why, put_right, bad, good: words, blocks
  sendctl-asked/1      asked: id, asks, rules, not_checked
  sendctl-limits/1     limits: id, value, words, source, whose, where
audit verify
  sendctl-verify/1     verdict, head, checked: commits, learners, seals, signed,
                       unsigned, checkpoints, removals; findings: kind, weight,
                       learner, file, seal, commit, who, when, message, do
audit checkpoint
  sendctl-checkpoint-made/1  verdict, seals, latest, head, made, by, signed,
                       full, hash, text, output, qr
audit prove; audit check
  sendctl-prove/1      verdict, learner, file, parcel, files, signed, encrypted,
                       with_name, output
  sendctl-check/1      verdict, parcel, made, from, by, learner, seals, removed,
                       outside, rests_on, findings, files: id, path, act, date,
                       recorded, by, sha256, unchanged, text
sync
  sendctl-sync/1       remote, branch, before, head, result, pushed, finished,
                       in, out: learner, acts; paths; notes: rule, file,
                       beside, says; findings
  sendctl-sync-questions/1   questions: id, learner, file, path, ask, choices
handover, receive
  sendctl-handover/1   learner, handover, date, to, remove_by, parcel, file,
                       signed, encrypted, again, changed_since, commit
  sendctl-receive/1    learner, from, act, file, receipt_file, warnings
retention due
  sendctl-retention/1  today, within_days, records: id, state, on, born,
                       policy, why_words, held, handover, do
purge --dry-run; purge
  sendctl-purge-plan/1 learner, what, files, paths, versions, seals,
                       commits_rewritten, refs, retention, approval_text,
                       still_needed, to_clear
  sendctl-purge/1      learner, paths, commit, seals, removed_seals,
                       objects_read, to_clear
access
  sendctl-access/1     id, asked, asked_by, answer, output, items: n, state,
                       path, file, marks; elsewhere, gaps
census export --format json; the same with -o; census diff
  sendctl-census/1     day, term, recorded, setting, made_in_spite_of_errors,
                       pupils: learner, upn, surname, sen_provision, needs, ...
  sendctl-census-export/1 files, as, day, term, pupils, commit, recorded,
                       made_in_spite_of_errors, files_with_errors
  sendctl-census-diff/1 a, b, same, items, alike, matched_by, differing:
                       learner, changes: item, a, b; only_a, only_b, unclear,
                       faults_of_the_list
explain 2120
  sendctl-census-rule/1 rule: name, number, set, severity, about, why,
                       put_right, note, terms, phases, not_checked
import
  sendctl-import/1     file, kind, recorded, commit, counts, taken, rows: row,
                       fate, learner, known_by, surname, forename,
                       sen_provision, stage, needs, reasons, taken
export annex-a, sen2, ctf
  sendctl-annex-a/1    file, day, plans, sen_support, files_with_errors
  sendctl-sen2/1       day, learners: id, who, plan, sen_types, requests,
                       missing; missing, not_kept_here, files_with_errors
  sendctl-ctf/1        learner, file, ctf_version, missing
report numbers
  sendctl-numbers/1    mark, floor, by, columns: key, words; rows: day, cells:
                       key, count (null where hidden), hidden; notes
people, people allowed-signers, schema, doctor, demo
  sendctl-people/1, sendctl-allowed-signers/1, sendctl-kinds/1,
  sendctl-doctor/1, sendctl-demo/1
--questions
  sendctl-questions/1  questions: path, flag, ask, kind, options, default,
                       optional
`
