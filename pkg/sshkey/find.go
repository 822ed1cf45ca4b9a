package sshkey

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/ssh"

	"github.com/sendctl/sendctl/pkg/seal"
)

// Reason says why the key that git names cannot be used.
type Reason uint8

// The reasons.
const (
	NotNamed   Reason = iota + 1 // gpg.format is ssh, and no setting names a key
	ByCommand                    // only a command would name it, and no command is run
	Unreadable                   // the file is not there or may not be read
	NotAKey                      // what is named is no SSH key
	Weak                         // the key is of a kind or size that does not count
	NoAgent                      // it needs the ssh-agent, and none answers
	NotInAgent                   // it needs the ssh-agent, which does not hold it
)

// Error says that git is set up for SSH signing with a key that cannot be used
// here. Do is what to do about it, in words for the person.
type Error struct {
	Reason Reason
	Key    string // what user.signingkey says, "" when it says nothing
	Do     string
	Err    error // may be nil
}

// Error gives the whole of it in one line.
func (e *Error) Error() string {
	text := "git signs with SSH, but no key is named"
	if e.Key != "" {
		text = fmt.Sprintf("signing key %q (git's user.signingkey)", e.Key)
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text + ": " + e.Do
}

// Unwrap gives the error underneath.
func (e *Error) Unwrap() error { return e.Err }

// Find gives the key that git is told to sign with. It is nil, without an error,
// when git is not set up for SSH signing (gpg.format is not "ssh"); an *Error
// when it is, but the key cannot be used.
//
// user.signingkey may name a private key, a public one whose private half lies
// beside it or in the ssh-agent, or be the public key itself ("key::ssh-ed25519
// AAAA…"). A file is tried before the agent. gpg.ssh.defaultKeyCommand and
// gpg.ssh.program are never run: a record tool starts no program because a
// setting says so.
func Find(config func(key string) (string, bool), getenv func(string) string) (seal.Signer, error) {
	if format, _ := config("gpg.format"); format != "ssh" {
		return nil, nil
	}
	named, _ := config("user.signingkey")
	if named == "" {
		if command, _ := config("gpg.ssh.defaultkeycommand"); command != "" {
			return nil, &Error{Reason: ByCommand,
				Do: "gpg.ssh.defaultKeyCommand is not run here: name the key in user.signingkey"}
		}
		return nil, &Error{Reason: NotNamed,
			Do: "type: git config --global user.signingkey ~/.ssh/id_ed25519.pub"}
	}
	f := finder{named: named, getenv: getenv}
	f.program, _ = config("gpg.ssh.program")
	k, err := f.find()
	if err != nil {
		return nil, err
	}
	if _, err := seal.ParsePublic(string(ssh.MarshalAuthorizedKey(k.PublicKey()))); err != nil {
		return nil, f.fail(Weak, "make a new one with: ssh-keygen -t ed25519", err)
	}
	return seal.NewSigner(k), nil
}

// CommitSign makes the function that signs a git commit (the bytes of the commit
// object without its signature), for `git log --show-signature`. It is nil for a
// nil signer.
func CommitSign(k seal.Signer) func(payload []byte) ([]byte, error) {
	if k == nil {
		return nil
	}
	return func(payload []byte) ([]byte, error) { return k.Sign(payload, "git") }
}

type finder struct {
	named   string
	program string // gpg.ssh.program
	getenv  func(string) string
}

func (f finder) fail(r Reason, do string, err error) *Error {
	return &Error{Reason: r, Key: f.named, Do: do, Err: err}
}

func (f finder) find() (ssh.Signer, error) {
	literal, isLiteral := strings.CutPrefix(f.named, "key::")
	if isLiteral || strings.HasPrefix(f.named, "ssh-") { // without "key::" is git's older form
		pub, _, _, _, err := ssh.ParseAuthorizedKey([]byte(literal))
		if err != nil {
			return nil, f.fail(NotAKey, "put the whole line of the .pub file after key::", err)
		}
		return f.fromAgent(pub, nil)
	}

	path, err := f.expand(f.named)
	if err != nil {
		return nil, err
	}
	private, wasPublic := strings.CutSuffix(path, ".pub")
	pub, pubErr := readPublic(private + ".pub")
	if wasPublic && pubErr != nil {
		return nil, f.fileFailed(pubErr)
	}
	k, privateErr := readPrivate(private)
	var locked *ssh.PassphraseMissingError
	switch {
	case privateErr == nil && (!wasPublic || same(k.PublicKey(), pub)):
		return k, nil
	case privateErr == nil: // the key beside the named .pub is another one
		return f.fromAgent(pub, nil)
	case errors.As(privateErr, &locked) && locked.PublicKey != nil:
		return f.fromAgent(locked.PublicKey, errLocked)
	case pub == nil:
		// The named file may itself hold the public half, under any name.
		if pub, err = readPublic(path); err == nil {
			return f.fromAgent(pub, nil)
		}
		return nil, f.fileFailed(privateErr)
	case errors.As(privateErr, &locked):
		return f.fromAgent(pub, errLocked)
	case errors.Is(privateErr, fs.ErrNotExist):
		return f.fromAgent(pub, nil)
	default: // unreadable, or a security key's, which only the agent can use
		return f.fromAgent(pub, privateErr)
	}
}

var errLocked = errors.New("the private key has a passphrase")

func (f finder) fileFailed(err error) *Error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f.fail(Unreadable, "put the right path into user.signingkey, or make a key with: ssh-keygen -t ed25519", fs.ErrNotExist)
	case errors.Is(err, fs.ErrPermission):
		return f.fail(Unreadable, "make the file readable for yourself", fs.ErrPermission)
	case errors.Is(err, errFile):
		return f.fail(Unreadable, "name a key file in user.signingkey", err)
	}
	return f.fail(NotAKey, "name an SSH key in user.signingkey, for example ~/.ssh/id_ed25519.pub", err)
}

// expand puts the person's folder in the place of ~, as git does.
func (f finder) expand(p string) (string, error) {
	if p == "~" || !strings.HasPrefix(p, "~") {
		return p, nil
	}
	rest, ok := strings.CutPrefix(strings.ReplaceAll(p, `\`, "/"), "~/")
	if !ok {
		return "", f.fail(Unreadable, "write the path out in full: another person's ~ is not looked up", nil)
	}
	home := f.getenv("HOME")
	if home == "" {
		home = f.getenv("USERPROFILE")
	}
	if home == "" {
		return "", f.fail(Unreadable, "write the path out in full: HOME is not set", nil)
	}
	return filepath.Join(home, filepath.FromSlash(rest)), nil
}

func readPrivate(path string) (ssh.Signer, error) {
	b, err := read(path)
	if err != nil {
		return nil, err
	}
	return ssh.ParsePrivateKey(b)
}

func readPublic(path string) (ssh.PublicKey, error) {
	b, err := read(path)
	if err != nil {
		return nil, err
	}
	pub, _, _, _, err := ssh.ParseAuthorizedKey(b)
	return pub, err
}

// maxKeyFile is the size in bytes past which a file is no key.
const maxKeyFile = 1 << 20

var errFile = errors.New("not a plain file")

// read gives a key file's bytes. It opens only plain files of a sensible size: a
// path mistyped into a setting must not make us wait on a pipe.
func read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxKeyFile {
		return nil, errFile
	}
	return os.ReadFile(path)
}

func same(a, b ssh.PublicKey) bool { return string(a.Marshal()) == string(b.Marshal()) }
