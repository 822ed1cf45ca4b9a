//go:build !linux || !amd64

package casework_test

import (
	"os/exec"
	"syscall"
	"testing"
)

type fault struct {
	kill  bool
	errno syscall.Errno
}

func canTrace() bool { return false }

func trace(t *testing.T, _ *exec.Cmd, _ func(int, string) fault) ([]string, syscall.WaitStatus) {
	t.Fatal("processes are not traced on this system")
	panic("unreachable")
}
