package cli

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/term/termtest"
)

// TestStopping: whoever stops a review, by q or by Ctrl-C, is given 130, loses
// nothing, records nothing, and can go on where they stopped.
func TestStopping(t *testing.T) {
	for _, stop := range []struct{ name, keys string }{{"q", "q\n"}, {"ctrl-c", "\x03"}} {
		t.Run(stop.name, func(t *testing.T) {
			s := buildSchool(t)
			env, err := scriptSetup(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			head := func() string {
				out, err := exec.Command("git", "-C", s.dir, "rev-parse", "HEAD").Output()
				if err != nil {
					t.Fatal(err)
				}
				return strings.TrimSpace(string(out))
			}
			before := head()

			run := func(keys ...string) (int, string) {
				tt := termtest.Open(t)
				c := exec.Command("sendctl", "-C", s.dir, "review", s.ids["ZEB"])
				c.Env = append(os.Environ(), env...)
				tt.Command(c)
				if err := c.Start(); err != nil {
					t.Fatal(err)
				}
				for _, k := range keys {
					tt.Prompted()
					tt.Keys(k)
				}
				err := c.Wait()
				tt.Drained()
				var exit *exec.ExitError
				if errors.As(err, &exit) {
					return exit.ExitCode(), tt.Text()
				}
				return 0, tt.Text()
			}

			code, said := run("2026-11-20\n", stop.keys)
			if code != exitInterrupted {
				t.Errorf("exit code %d\n%s", code, said)
			}
			if !strings.Contains(said, "What you typed is kept") {
				t.Errorf("nobody says that it is kept:\n%s", said)
			}
			if head() != before {
				t.Error("something was recorded")
			}
			// Going on: the day is not asked again.
			code, said = run("\n", stop.keys)
			if code != exitInterrupted || !strings.Contains(strings.Join(strings.Fields(said), " "), "with 1 answer given") || strings.Contains(said, "On what day was the review held?") {
				t.Errorf("exit code %d; it does not go on where it stopped:\n%s", code, said)
			}
		})
	}
}
