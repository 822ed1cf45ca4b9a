//go:build unix

package term

import (
	"context"
	"os/exec"
	"syscall"
)

// editorCommand runs command through the shell with the file as its last
// argument, as git does, so that one setting serves both.
func editorCommand(ctx context.Context, command, file string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "sh", "-c", command+` "$@"`, command, file)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	return cmd
}
