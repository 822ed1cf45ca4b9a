package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/term/termtest"
)

// TestFixingAtATerminal: what would change is shown before anybody is asked; a no
// changes nothing, a yes puts it right and records it.
func TestFixingAtATerminal(t *testing.T) {
	for name, answer := range map[string]string{"no": "n\n", "yes": "y\n"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(theDemo(t))); err != nil {
				t.Fatal(err)
			}
			vars, err := scriptSetup(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			env := append(os.Environ(), vars...)
			file := filepath.Join(dir, "learners", "jv6fpqgg", "learner.yaml")
			sound, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, bytes.TrimSuffix(sound, []byte("\n")), 0o666); err != nil {
				t.Fatal(err)
			}
			commit := exec.Command("git", "-C", dir, "commit", "-qnam", "by hand")
			commit.Env = env
			if out, err := commit.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}

			tt := termtest.Open(t)
			c := exec.Command("sendctl", "-C", dir, "validate", "--fix")
			c.Env = env
			tt.Command(c)
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			tt.Prompted()
			tt.Keys(answer)
			err = c.Wait()
			tt.Drained()
			said := strings.Join(strings.Fields(tt.Text()), " ")
			diff, asked := strings.Index(said, "+++ learners/jv6fpqgg/learner.yaml"), strings.Index(said, "Put this right and record it?")
			if diff < 0 || asked < diff {
				t.Errorf("asked before anything is shown:\n%s", tt.Text())
			}
			now, _ := os.ReadFile(file)
			switch {
			case name == "no" && (exitOf(err) != exitFindings || bytes.Equal(now, sound) || !strings.Contains(said, "Nothing was changed.")):
				t.Errorf("after a no: %v\n%s", err, tt.Text())
			case name == "yes" && (err != nil || !bytes.Equal(now, sound) || !strings.Contains(said, "Put right and recorded")):
				t.Errorf("after a yes: %v\n%s", err, tt.Text())
			}
		})
	}
}

func exitOf(err error) int {
	if e, ok := err.(*exec.ExitError); ok {
		return e.ExitCode()
	}
	return 0
}
