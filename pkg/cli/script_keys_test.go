package cli

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/ssh"
)

// newkey FILE [rsa1024]: makes an SSH key, its public half in FILE.pub and as $NAME,
// its fingerprint as $NAME_PRINT. Scripts must run where there is no ssh-keygen.
func makeKey(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 1, "newkey file [rsa1024]")
	var private any
	var err error
	if len(args) > 1 {
		os.Setenv("GODEBUG", "rsa1024min=0")
		private, err = rsa.GenerateKey(rand.Reader, 1024)
		os.Unsetenv("GODEBUG")
	} else {
		_, private, err = ed25519.GenerateKey(rand.Reader)
	}
	ts.Check(err)
	signer, err := ssh.NewSignerFromKey(private)
	ts.Check(err)
	block, err := ssh.MarshalPrivateKey(private, "")
	ts.Check(err)
	ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(args[0])), 0o700))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), pem.EncodeToMemory(block), 0o600))
	public := strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey())))
	ts.Check(os.WriteFile(ts.MkAbs(args[0])+".pub", []byte(public+" somebody@a-laptop\n"), 0o600))
	name := filepath.Base(args[0])
	ts.Setenv(name, public)
	ts.Setenv(name+"_PRINT", ssh.FingerprintSHA256(signer.PublicKey()))
}
