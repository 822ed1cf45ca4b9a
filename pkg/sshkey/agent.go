package sshkey

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// windowsAgent is where OpenSSH for Windows listens when nothing says otherwise.
const windowsAgent = `\\.\pipe\openssh-ssh-agent`

// listTimeout is how long an agent may take to say which keys it holds. Signing
// has no limit: a person may have to touch a key or allow its use.
const listTimeout = 5 * time.Second

// fromAgent gives a signer for pub if the agent holds it. Why the file would not
// do may be nil.
func (f finder) fromAgent(pub ssh.PublicKey, why error) (ssh.Signer, error) {
	also := ""
	if f.program != "" && !strings.HasSuffix(strings.TrimSuffix(f.program, ".exe"), "ssh-keygen") {
		also = " (gpg.ssh.program is not run here)"
	}
	sock := f.getenv("SSH_AUTH_SOCK")
	if sock == "" && runtime.GOOS == "windows" {
		sock = windowsAgent
	}
	if sock == "" {
		return nil, f.fail(NoAgent, "start ssh-agent and add the key with: ssh-add"+also, both(why, errors.New("SSH_AUTH_SOCK is not set")))
	}
	keys, err := list(sock)
	if err != nil {
		return nil, f.fail(NoAgent, "start ssh-agent and add the key with: ssh-add"+also, both(why, err))
	}
	for _, k := range keys {
		if string(k.Blob) == string(pub.Marshal()) {
			return agentKey{pub: pub, sock: sock}, nil
		}
	}
	return nil, f.fail(NotInAgent, "add it to the ssh-agent with: ssh-add"+also, both(why, errors.New("the ssh-agent does not hold it")))
}

func both(why, err error) error {
	if why == nil {
		return err
	}
	return fmt.Errorf("%w, and %w", why, err)
}

func list(sock string) ([]*agent.Key, error) {
	conn, err := dial(sock)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if c, ok := conn.(interface{ SetDeadline(time.Time) error }); ok {
		_ = c.SetDeadline(time.Now().Add(listTimeout)) // a pipe of Windows has none
	}
	return agent.NewClient(conn).List()
}

func dial(sock string) (io.ReadWriteCloser, error) {
	if strings.HasPrefix(sock, `\\.\pipe\`) {
		return os.OpenFile(sock, os.O_RDWR, 0)
	}
	return net.Dial("unix", sock)
}

// agentKey signs with a key that the agent holds. It opens the agent for each
// signature, so that nobody has to close it.
type agentKey struct {
	pub  ssh.PublicKey
	sock string
}

func (k agentKey) PublicKey() ssh.PublicKey { return k.pub }

func (k agentKey) Sign(r io.Reader, data []byte) (*ssh.Signature, error) {
	return k.SignWithAlgorithm(r, data, "")
}

func (k agentKey) SignWithAlgorithm(_ io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	var flags agent.SignatureFlags
	switch algorithm {
	case "", k.pub.Type():
	case ssh.KeyAlgoRSASHA256:
		flags = agent.SignatureFlagRsaSha256
	case ssh.KeyAlgoRSASHA512:
		flags = agent.SignatureFlagRsaSha512
	default:
		return nil, fmt.Errorf("ssh-agent: no method %q", algorithm)
	}
	conn, err := dial(k.sock)
	if err != nil {
		return nil, fmt.Errorf("ssh-agent: %w", err)
	}
	defer conn.Close()
	sig, err := agent.NewClient(conn).SignWithFlags(k.pub, data, flags)
	if err != nil {
		return nil, fmt.Errorf("ssh-agent: %w", err)
	}
	return sig, nil
}
