package casework_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/store"
)

// A fix is recorded for what it is, or nothing is: where the file moved, is sealed or
// agreed, would come to hold a new error, or holds hand edits that nobody agreed to record.
func TestFix(t *testing.T) {
	b := fresh(t, "reviewed")
	const p = "people.yaml"
	is, reviewed := b.only("learners/*/learner.yaml"), b.only("learners/*/cycles/*.yaml")
	id := b.id
	if id == "" {
		id = strings.Split(is, "/")[1]
	}
	sound := b.read(is)
	broken := strings.TrimSuffix(sound, "\n")
	b.write(is, broken)
	b.git("commit", "-qnam", "by hand")

	fix := func(id, path, was, next string) error {
		_, err := b.desk(nil).Fix(t.Context(), id, []casework.Rewrite{{Path: path, Was: []byte(was), Next: []byte(next)}})
		return err
	}
	before := b.state()
	refused[*store.MovedError](b, before, fix(id, is, sound, sound))
	refused[*casework.SealedError](b, before, fix(id, reviewed, b.read(reviewed), b.read(reviewed)+"\n"))
	refused[*recordfile.FaultsError](b, before, fix(id, is, broken, broken+"\nkohort: x\n"))
	contacts := b.only("learners/*/contacts.yaml")
	log := b.read(contacts)
	refused[*casework.StateError](b, before, fix(id, contacts, log, strings.Replace(log, "An hour and tears.", "An hour.", 1)))

	done, err := b.desk(nil).Fix(t.Context(), id, []casework.Rewrite{{Path: is, Was: []byte(broken), Next: []byte(sound)}})
	if err != nil || done.Commit == "" || b.read(is) != sound {
		t.Fatalf("%v %+v", err, done)
	}
	if got := b.git("log", "-1", "--format=%s", "--name-only"); got != "fix: "+id+" learner.yaml\n\n"+is {
		t.Errorf("recorded as %q", got)
	}

	// Of the folder itself, though another file of it cannot be read to the last word.
	people, setting := b.read(p), b.read("sendctl.yaml")
	b.write(p, strings.TrimSuffix(people, "\n"))
	b.write("sendctl.yaml", strings.TrimSuffix(setting, "\n"))
	b.git("commit", "-qnam", "by hand")
	if err := fix("", p, strings.TrimSuffix(people, "\n"), people); err != nil {
		t.Fatal(err)
	}
	if got := b.git("log", "-1", "--format=%s"); got != "fix: people.yaml" {
		t.Errorf("recorded as %q", got)
	}
	if err := fix("", "sendctl.yaml", strings.TrimSuffix(setting, "\n"), setting); err != nil {
		t.Fatal(err)
	}

	// Hand edits that were never recorded stay where they are unless that is agreed to.
	b.write(is, broken)
	before = b.state()
	refused[*casework.HandEditsError](b, before, fix(id, is, broken, sound))
	d := b.desk(nil)
	d.HandEdits = func([]string) (bool, error) { return true, nil }
	_, err = d.Fix(t.Context(), id, []casework.Rewrite{{Path: is, Was: []byte(broken), Next: []byte(sound)}})
	var none *casework.NothingError
	if err != nil && !errors.As(err, &none) {
		t.Fatal(err)
	}
	if got := b.git("log", "-2", "--format=%s"); got != "fix: "+id+" learner.yaml\nedit: "+id+" learner.yaml" || b.read(is) != sound {
		t.Errorf("recorded as %q", got)
	}
}
