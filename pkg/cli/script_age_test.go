package cli

import (
	"os"

	"filippo.io/age"
	"github.com/rogpeppe/go-internal/testscript"
)

// agekey FILE: makes an age identity, in FILE, and its recipient, in FILE.pub.
func makeAgeKey(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 1, "agekey file")
	id, err := age.GenerateX25519Identity()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(id.String()+"\n"), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".pub"), []byte("# of a school\n"+id.Recipient().String()+"\n"), 0o600))
}
