//go:build !unix

package term

import (
	"context"
	"os"
	"os/exec"
	"strings"
)

// editorCommand splits command at spaces outside double quotes; a command that is
// a path as a whole, spaces and all, is one.
func editorCommand(ctx context.Context, command, file string) *exec.Cmd {
	words := []string{command}
	if _, err := os.Stat(command); err != nil {
		words = splitQuoted(command)
	}
	return exec.CommandContext(ctx, words[0], append(words[1:], file)...)
}

func splitQuoted(command string) []string {
	var words []string
	var b strings.Builder
	quoted, open := false, false
	for _, r := range command {
		switch {
		case r == '"':
			quoted, open = !quoted, true
		case r == ' ' && !quoted:
			if open {
				words = append(words, b.String())
				b.Reset()
			}
			open = false
		default:
			b.WriteRune(r)
			open = true
		}
	}
	if open {
		words = append(words, b.String())
	}
	if len(words) == 0 {
		return []string{command}
	}
	return words
}
