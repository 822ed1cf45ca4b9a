package audit_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sendctl/sendctl/pkg/cli"
)

// TestMain gives every test an empty home without configuration of the machine, and
// puts this binary on the PATH as sendctl, for the hook and the merge driver.
func TestMain(m *testing.M) {
	if strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe") == "sendctl" {
		e := cli.OS("test")
		if at, err := time.Parse(time.RFC3339, os.Getenv("SCRIPT_NOW")); err == nil {
			e.Now = func() time.Time { return at }
		}
		os.Exit(cli.Main(e))
	}
	os.Exit(withScratch(m.Run))
}

// scratch is the folder of what all tests share; it goes when they are done.
var scratch string

func withScratch(run func() int) int {
	dir, err := os.MkdirTemp("", "sendctl-audit")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	scratch = dir
	home, bin := filepath.Join(dir, "home"), filepath.Join(dir, "bin")
	config := "[user]\n\tname = P. Grimes\n\temail = grimes@thornelaw.example\n[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n" +
		"[maintenance]\n\tauto = false\n[protocol \"file\"]\n\tallow = always\n[advice]\n\tdetachedHead = false\n"
	name := "sendctl"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	self, err := os.Executable()
	for _, step := range []func() error{
		func() error { return err },
		func() error { return os.MkdirAll(filepath.Join(home, ".config"), 0o777) },
		func() error { return os.MkdirAll(bin, 0o777) },
		func() error { return os.WriteFile(filepath.Join(home, ".gitconfig"), []byte(config), 0o666) },
		func() error {
			if os.Link(self, filepath.Join(bin, name)) == nil {
				return nil
			}
			b, err := os.ReadFile(self)
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(bin, name), b, 0o777)
		},
	} {
		if err := step(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "GIT_") || name == "EDITOR" || name == "VISUAL" || name == "SSH_AUTH_SOCK" {
			os.Unsetenv(name)
		}
	}
	for k, v := range map[string]string{
		"HOME": home, "USERPROFILE": home, "XDG_CONFIG_HOME": filepath.Join(home, ".config"), "GIT_CONFIG_NOSYSTEM": "1",
		"GIT_TERMINAL_PROMPT": "0", "TZ": "UTC", "NO_COLOR": "1", "PATH": bin + string(filepath.ListSeparator) + os.Getenv("PATH"),
	} {
		os.Setenv(k, v)
	}
	return run()
}
