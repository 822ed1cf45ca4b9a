package sshkey

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/ssh"
)

// Public reads the public key that a file holds, as one authorized_keys line without
// its comment. For the name of a private key it reads the .pub beside it, and never
// gives anything of the private half.
func Public(path string) (string, error) {
	names := []string{path}
	if !strings.HasSuffix(path, ".pub") {
		names = []string{path + ".pub", path}
	}
	var pub ssh.PublicKey
	var err error
	for _, name := range names {
		if pub, err = readPublic(name); err == nil || !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	var at *fs.PathError
	switch {
	case err == nil:
		return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(pub))), nil
	case errors.As(err, &at):
		return "", fmt.Errorf("read the public key in %s: %w", filepath.Base(path), at.Err)
	}
	return "", fmt.Errorf("%s holds no public key; name the file that ends in .pub", filepath.Base(path))
}
