package trail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// git runs the installed git at the top of the work tree, away from whatever
// repository the caller's environment names, and gives its standard output.
func (r *Repo) git(stdin io.Reader, env []string, args ...string) ([]byte, error) {
	return r.gitContext(context.Background(), stdin, env, args...)
}

func (r *Repo) gitContext(ctx context.Context, stdin io.Reader, env []string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = r.top
	cmd.Stdin = stdin
	cmd.Env = append(plainEnv(), env...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, refuse("git is not installed or not on PATH", "this step needs it")
	}
	if err != nil {
		return out.Bytes(), gitError(args[0], err, errOut.String())
	}
	return out.Bytes(), nil
}

// gitError is what went wrong in a git command.
func gitError(command string, err error, said string) error {
	if strings.Contains(said, "safe.directory") {
		_, line, _ := strings.Cut(said, "git config ")
		line, _, _ = strings.Cut(line, "\n")
		return refuse("git does not read this folder, since it belongs to somebody else", "where that is right, tell git so: git config %s", line)
	}
	return fmt.Errorf("git %s: %w: %s", command, err, strings.TrimSpace(said))
}

// plainEnv is the environment without what points git at another repository
// (git rev-parse --local-env-vars), as a hook that calls us would have set.
func plainEnv() []string {
	var env []string
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		switch name {
		case "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
			"GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE", "GIT_NO_REPLACE_OBJECTS",
			"GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_CONFIG":
			continue
		}
		env = append(env, kv)
	}
	return append(env, "LC_ALL=C", "GIT_TERMINAL_PROMPT=0")
}

// exitedWith says whether a command of ours ended with that code.
func exitedWith(err error, code int) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit) && exit.ExitCode() == code
}
