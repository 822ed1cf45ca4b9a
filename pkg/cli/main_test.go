package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// commandsForTests are the programs that scripts and the README find on their
// PATH: this test binary under other names, so that what is tested is what runs.
func commandsForTests() map[string]func() int {
	return map[string]func() int{
		"sendctl": func() int { return Main(scriptEnv()) },
		// The same with no patience, so that a test of the lock need not wait for it.
		"sendctl-impatient": func() int {
			e := scriptEnv()
			e.LockWait = 200 * time.Millisecond
			return Main(e)
		},
	}
}

// scriptEnv is the environment of this process on the clock of the script.
func scriptEnv() *Env {
	e := OS("test")
	if at, err := time.Parse(time.RFC3339, os.Getenv("SCRIPT_NOW")); err == nil {
		e.Now = func() time.Time { return at }
	}
	return e
}

func TestMain(m *testing.M) {
	name := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
	if run, ok := commandsForTests()[name]; ok {
		os.Exit(run())
	}
	os.Exit(withCommands(m.Run))
}

// scratch is the folder that is removed when all tests are done.
var scratch string

// withCommands puts the commands on the PATH while run runs.
func withCommands(run func() int) int {
	dir, err := os.MkdirTemp("", "sendctl-test-bin")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	scratch = dir
	self, err := os.Executable()
	for name := range commandsForTests() {
		if runtime.GOOS == "windows" {
			name += ".exe"
		}
		if err == nil {
			err = linkOrCopy(self, filepath.Join(dir, name))
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "put the commands on the PATH:", err)
		return 1
	}
	os.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	return run()
}

// linkOrCopy makes a program under another name. A symbolic link would not do:
// the hook asks the system which program it is.
func linkOrCopy(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o777)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// scriptSetup gives a script a home of its own: no configuration of the machine
// reaches it, and git knows who is at the keyboard.
func scriptSetup(work string) ([]string, error) {
	home := filepath.Join(work, ".home")
	if err := os.MkdirAll(filepath.Join(home, ".config"), 0o777); err != nil {
		return nil, err
	}
	config := "[user]\n\tname = M. Eyre\n\temail = eyre@thornelaw.example\n[init]\n\tdefaultBranch = main\n"
	if err := os.WriteFile(filepath.Join(home, ".gitconfig"), []byte(config), 0o666); err != nil {
		return nil, err
	}
	return []string{
		"HOME=" + home, "USERPROFILE=" + home, "XDG_CONFIG_HOME=" + filepath.Join(home, ".config"),
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CEILING_DIRECTORIES=" + filepath.Dir(work), "GIT_TERMINAL_PROMPT=0",
		"SCRIPT_NOW=2026-11-22T10:00:00Z", "TZ=UTC", "NO_COLOR=", "ACCESSIBLE=", "EDITOR=", "VISUAL=", "SSH_AUTH_SOCK=",
	}, nil
}
