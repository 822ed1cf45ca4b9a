package seal

import "golang.org/x/crypto/ssh"

// Public gives a public key in the one spelling that people.yaml holds: its kind and
// its bytes, without a comment, which may name a machine or a person. Errors are
// those of ParsePublic: a key that cannot count is none.
func Public(line string) (string, error) {
	k, err := ParsePublic(line)
	if err != nil {
		return "", err
	}
	return authorized(k), nil
}

// SameKey reports whether two lines hold the same public key, whatever comment stands
// beside it. A line that is no key, or carries options, is the same as none.
func SameKey(a, b string) bool {
	x, err := bare(a)
	if err != nil {
		return false
	}
	y, err := bare(b)
	return err == nil && string(x.Marshal()) == string(y.Marshal())
}

// Fingerprint names a public key as ssh-keygen -l does: "SHA256:" and 43 letters.
// It is "" for a line that holds no key.
func Fingerprint(line string) string {
	k, err := bare(line)
	if err != nil {
		return ""
	}
	return ssh.FingerprintSHA256(k)
}
