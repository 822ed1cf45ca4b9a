package cli

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/term/termtest"
)

// TestAdvancingAtATerminal: whoever types the command alone is asked where to, sees
// the table before the first question, is asked why where something is not met,
// and has the move read back before it is recorded.
func TestAdvancingAtATerminal(t *testing.T) {
	s := buildSchool(t)
	env, err := scriptSetup(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	tt := termtest.Open(t)
	c := exec.Command("sendctl", "-C", s.dir, "advance", s.ids["OTT"])
	c.Env = append(os.Environ(), env...)
	tt.Command(c)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{
		"another\n", "universal\n", // where to: the long way round
		"\n",           // today
		"N\n",          // the code
		"learner\n",    // told
		"call\n", "\n", // how, and when
		"That all is well.\n", "s\n", "no\n",
		"\n",                // watched for as long as the pathway has it
		"It was the fan.\n", // why
		"\n",                // record it
	} {
		tt.Prompted()
		tt.Keys(k)
	}
	err = c.Wait()
	tt.Drained()
	said := strings.Join(strings.Fields(tt.Text()), " ")
	if err != nil {
		t.Fatalf("%v\n%s", err, tt.Text())
	}
	at := 0
	for _, want := range []string{"Where to?", "Towards more support.", "A request beside the stage", "another stage", "To which stage?", "Not met (", "What would meet it:",
		"From what day is Ottoline at the new stage?", "What is the census code", "Whom have you told", "Why go ahead all the same?", "Ottoline moves from Initial Concerns to",
		"That all is well.", "Why: It was the fan.", "Record this move?", "Recorded and sealed"} {
		i := strings.Index(said[at:], want)
		if i < 0 {
			t.Fatalf("%q is not said, or not in its turn:\n%s", want, tt.Text())
		}
		at += i
	}
}
