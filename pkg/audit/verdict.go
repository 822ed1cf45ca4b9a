package audit

import "time"

// Verdict is what can be said of a trail. Nothing to check is never proven.
type Verdict string

// The three verdicts, and the exit codes that go with them.
const (
	Proven     Verdict = "proven"      // 0
	Broken     Verdict = "broken"      // 1
	CannotTell Verdict = "cannot-tell" // 3
)

// Note is the weight of a finding that changes no verdict: worth knowing.
const Note Verdict = "note"

// Finding is one thing that verifying found. It names ids, places, hashes and days,
// and never a value of the record.
type Finding struct {
	Kind    string    `json:"kind"`   // stable, such as seal-gone; the docs list them
	Weight  Verdict   `json:"weight"` // Broken, CannotTell or Note
	Learner string    `json:"learner,omitempty"`
	File    string    `json:"file,omitempty"`   // slash path from the record folder
	Seal    string    `json:"seal,omitempty"`   // hash
	Commit  string    `json:"commit,omitempty"` // where it happened, where that is known
	Who     string    `json:"who,omitempty"`    // as the commit or the seal says; a person id, or git's name
	When    time.Time `json:"when,omitzero"`
	Message string    `json:"message"`
	Do      string    `json:"do,omitempty"` // what to do; how to get back where the cause may be honest
}

// Checked is how much a verdict rests on.
type Checked struct {
	Commits     int `json:"commits"`
	Learners    int `json:"learners"`
	Seals       int `json:"seals"`
	Signed      int `json:"signed"`   // of the seals
	Unsigned    int `json:"unsigned"` // of the seals
	Checkpoints int `json:"checkpoints"`
	Removals    int `json:"removals"`
}

// Report is the outcome of verifying.
type Report struct {
	Format        string    `json:"format"` // sendctl-verify/1
	Verdict       Verdict   `json:"verdict"`
	Head          string    `json:"head,omitempty"`
	Since         string    `json:"since,omitempty"`         // only the history after this commit or day was read
	Demonstration string    `json:"demonstration,omitempty"` // the day of a made-up folder
	Checked       Checked   `json:"checked"`
	Findings      []Finding `json:"findings"`
	State         State     `json:"-"` // what HEAD holds of seals, for making a checkpoint of it
}
