package trail

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOwnedBySomebodyElse: what is read without git is read all the same; where git is
// needed, what it asks for is said, and not how it is used.
func TestOwnedBySomebodyElse(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a file away")
	}
	h := newHistRepo(t)
	h.write("a.yaml", "one\n")
	h.git("add", ".")
	h.git("commit", "-q", "-m", "First")
	h.git("rm", "-q", "a.yaml")
	r, err := Open(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := filepath.Walk(h.dir, func(p string, _ os.FileInfo, err error) error { return errors.Join(err, os.Chown(p, 65534, 65534)) }); err != nil {
		t.Fatal(err)
	}
	removed := 0
	if err := r.Known(context.Background(), func(_ []byte, how Held) {
		if how == Removed {
			removed++
		}
	}); err != nil || removed != 1 {
		t.Errorf("%d removed, %v", removed, err)
	}
	for name, ask := range map[string]func() error{
		"staged":  func() error { _, err := r.Staged(context.Background()); return err },
		"differs": func() error { _, err := r.Differs(context.Background(), "HEAD"); return err },
	} {
		var refused *RefusedError
		if err := ask(); !errors.As(err, &refused) || !strings.Contains(refused.Why, "git config --global --add safe.directory "+h.dir) || strings.Contains(err.Error(), "usage") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
