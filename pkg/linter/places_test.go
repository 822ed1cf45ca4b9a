package linter_test

import (
	"testing"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/diagfmt"
	"github.com/sendctl/sendctl/pkg/linter"
)

// An entry put in before another leaves the other's fingerprint as it was, where it has an
// id of its own; a name in the place of an id goes into none.
func TestFingerprintOfAnEntryStays(t *testing.T) {
	const head = "format: contacts/v1\nlearner: bk7m2xqt\ncontacts:\n"
	const one = "  - {id: m2xq, date: 2026-01-02}\n"
	const more = "  - {id: k4f7, date: 2026-01-01}\n"
	print := func(text, path string) string {
		opt := diagfmt.Options{Place: linter.Places(func(string) []byte { return []byte(text) })}
		return diagfmt.Fingerprints([]diag.Finding{{Rule: "references", File: "learners/bk7m2xqt/contacts.yaml", Path: path}}, opt)[0]
	}
	if print(head+one, "contacts[0].date") != print(head+more+one, "contacts[1].date") {
		t.Error("an entry put in before it changed a fingerprint")
	}
	if print(head+one, "contacts[0].date") == print(head+more, "contacts[0].date") {
		t.Error("two entries have one fingerprint")
	}
	if print(head+"  - {id: Ashworth}\n", "contacts[0].date") != print(head+"  - {id: Bell}\n", "contacts[0].date") {
		t.Error("a name in the place of an id went into a fingerprint")
	}
}
