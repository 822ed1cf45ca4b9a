package seal

import (
	"bytes"
	"crypto/rsa"
	"errors"
	"fmt"
	"strings"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"
)

// What Verify and signing can find. Compare with errors.Is.
var (
	// ErrUnsigned: the seal carries no signature.
	ErrUnsigned = errors.New("seal is not signed")
	// ErrKey: the public key to check against cannot be read; people.yaml is at fault, not the seal.
	ErrKey = errors.New("public key cannot be read")
	// ErrWeak: a key or a method too weak to count.
	ErrWeak = errors.New("signature key or method is too weak")
	// ErrOtherKey: signed, but with another key.
	ErrOtherKey = errors.New("signed with another key")
	// ErrNamespace: signed for another purpose than a seal.
	ErrNamespace = errors.New("signed for another purpose")
	// ErrSignature: the signature does not fit these lines, or is no signature at all.
	ErrSignature = errors.New("signature does not fit")
)

// minRSA is the fewest bits of an RSA key that counts (NIST SP 800-131A).
const minRSA = 2048

// Signer signs with one person's key.
type Signer interface {
	// Sign gives the armoured SSH signature of payload for a namespace.
	Sign(payload []byte, namespace string) (armored []byte, err error)
	// Public is the public key as people.yaml holds it: "ssh-ed25519 AAAA…", no comment.
	Public() string
}

// NewSigner makes a Signer of a private key or of an agent's. Signing fails with
// ErrWeak if the key is one that Verify would refuse.
func NewSigner(k ssh.Signer) Signer { return signer{k} }

type signer struct{ key ssh.Signer }

func (s signer) Public() string { return authorized(s.key.PublicKey()) }

func (s signer) Sign(payload []byte, namespace string) ([]byte, error) {
	if err := strong(s.key.PublicKey()); err != nil {
		return nil, err
	}
	sig, err := sshsig.Sign(bytes.NewReader(payload), s.key, sshsig.HashSHA512, namespace)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return armour(sig.Marshal()), nil
}

// Signed gives s with k's signature over its payload.
func (s Seal) Signed(k Signer) (Seal, error) {
	sig, err := k.Sign(s.Payload(), Namespace)
	if err != nil {
		return Seal{}, err
	}
	// Another Signer may wrap its lines otherwise; a seal has one spelling.
	if sig, err = rearmour(sig); err != nil {
		return Seal{}, err
	}
	s.Signature = sig
	return s, nil
}

// Verify says whether s was signed with the given public key (one authorized_keys
// line without options; a comment does not matter) as a seal, by a method that
// counts: Ed25519, ECDSA on P-256 and up, RSA of 2048 bits and up with SHA-2, and
// the first two on a security key that was touched. Whether the key was that
// person's on that day is the caller's question.
func Verify(s Seal, authorizedKey string) error {
	if s.Signature == nil {
		return ErrUnsigned
	}
	return VerifySignature(s.Payload(), s.Signature, Namespace, authorizedKey)
}

// VerifySignature says whether an armoured SSH signature fits a payload, for a
// namespace, by the given public key and a method that counts; see Verify. It
// serves whatever else of sendctl's is signed: checkpoints, parcels, commits.
func VerifySignature(payload, armored []byte, namespace, authorizedKey string) error {
	pub, err := ParsePublic(authorizedKey)
	if err != nil {
		return err
	}
	raw, err := unarmour(armored)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSignature, err)
	}
	// Lines may be of any length, as some agents' are; ssh-keygen takes no others.
	if bytes.ContainsRune(armored, '\r') || !bytes.HasSuffix(bytes.TrimSuffix(armored, []byte("\n")), []byte(armourEnd[:len(armourEnd)-1])) {
		return fmt.Errorf("%w: its lines do not end as those of a signature", ErrSignature)
	}
	sig, err := sshsig.ParseSignature(raw)
	if err != nil {
		// The library refuses RSA with SHA-1 here, before any key is compared.
		if weakRSA(raw) {
			return fmt.Errorf("%w: RSA with SHA-1", ErrWeak)
		}
		return fmt.Errorf("%w: %w", ErrSignature, err)
	}
	if !bytes.Equal(sig.Marshal(), raw) { // fields the check would ignore could carry anything
		return fmt.Errorf("%w: it holds more than a signature", ErrSignature)
	}
	if err := strong(sig.PublicKey); err != nil {
		return err
	}
	switch err := sshsig.Verify(bytes.NewReader(payload), sig, pub, sig.HashAlgorithm, namespace); {
	case err == nil:
		return nil
	case errors.Is(err, sshsig.ErrPublicKeyMismatch):
		return ErrOtherKey
	case errors.Is(err, sshsig.ErrNamespaceMismatch):
		return ErrNamespace
	default:
		return fmt.Errorf("%w: %w", ErrSignature, err)
	}
}

// SignedBy gives the public key that a seal's signature names, as people.yaml
// would hold it. It proves nothing until Verify has; it is for saying whose key
// an unexpected one is.
func SignedBy(s Seal) (string, error) {
	if s.Signature == nil {
		return "", ErrUnsigned
	}
	return KeyOf(s.Signature)
}

// KeyOf is SignedBy for an armoured signature of anything.
func KeyOf(armored []byte) (string, error) {
	raw, err := unarmour(armored)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrSignature, err)
	}
	sig, err := sshsig.ParseSignature(raw)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrSignature, err)
	}
	return authorized(sig.PublicKey), nil
}

// ParsePublic reads one public key in authorized_keys form and refuses what
// cannot count: ErrKey when it is no key, or carries options; ErrWeak when it is
// of a kind or size too weak.
func ParsePublic(line string) (ssh.PublicKey, error) {
	pub, err := bare(line)
	if err != nil {
		return nil, err
	}
	return pub, strong(pub)
}

// bare is ParsePublic for a key of any strength.
func bare(line string) (ssh.PublicKey, error) {
	if strings.ContainsAny(strings.TrimRight(line, "\r\n"), "\r\n") {
		return nil, fmt.Errorf("%w: more than one line", ErrKey)
	}
	pub, _, options, _, err := ssh.ParseAuthorizedKey([]byte(line))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	case len(options) > 0:
		return nil, fmt.Errorf("%w: it carries options", ErrKey)
	}
	return pub, nil
}

func authorized(k ssh.PublicKey) string {
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(k)))
}

// strong is the allow-list: what is not named here does not count, so that a
// method found weak or a new one are both a decision of ours.
func strong(k ssh.PublicKey) error {
	switch k.Type() {
	case ssh.KeyAlgoED25519, ssh.KeyAlgoSKED25519,
		ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521, ssh.KeyAlgoSKECDSA256:
		return nil
	case ssh.KeyAlgoRSA:
		c, ok := k.(ssh.CryptoPublicKey)
		if !ok {
			return fmt.Errorf("%w: RSA key of unknown size", ErrWeak)
		}
		if r, ok := c.CryptoPublicKey().(*rsa.PublicKey); !ok || r.N.BitLen() < minRSA {
			return fmt.Errorf("%w: RSA key of fewer than %d bits", ErrWeak, minRSA)
		}
		return nil
	}
	return fmt.Errorf("%w: keys of type %s are not accepted", ErrWeak, k.Type())
}

// weakRSA reports whether a signature blob (PROTOCOL.sshsig) was made with the
// old RSA method.
func weakRSA(raw []byte) bool {
	var blob struct {
		Magic     [6]byte
		Version   uint32
		Key       string
		Namespace string
		Reserved  string
		Hash      string
		Signature string
	}
	var sig ssh.Signature
	return ssh.Unmarshal(raw, &blob) == nil && ssh.Unmarshal([]byte(blob.Signature), &sig) == nil && sig.Format == ssh.KeyAlgoRSA
}
