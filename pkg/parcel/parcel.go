package parcel

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/seal"
)

// Namespace is the SSH signature namespace of a parcel.
const Namespace = "sendctl-parcel"

// The bounds of a parcel. What is larger is refused on both sides before memory is
// asked for.
const (
	MaxFiles    = 20_000
	MaxManifest = 8 << 20   // bytes, with the signature
	MaxBytes    = 512 << 20 // bytes of all the files
)

// Parcel is what is passed on in one file.
type Parcel struct {
	Kind string // lower-case letters and hyphens: "proof", "handover", "receipt"
	// Made is when it was made, to the second; a finer time is written coarser, in UTC.
	Made    time.Time
	From    string // the setting's name, one line
	By      string // person id
	Learner string // learner id, "" where it is about none
	// Demonstration is the day that a demonstration folder takes for today; zero elsewhere.
	Demonstration date.Date
	Files         []File // Read gives them sorted by path; Write takes them in any order

	// Signature, Hash and Encrypted are for reading: Write takes no notice of them.
	Signature []byte // armoured SSH signature over Manifest, nil if unsigned
	Hash      string // "sha256:" and 64 hex digits: of the plain parcel
	Encrypted bool   // it came encrypted
}

// File is one file of a parcel.
type File struct {
	Path  string // plain relative slash path; spaces and letters of any language are allowed
	Bytes []byte
}

// File gives the bytes of the file at path p.
func (p Parcel) File(name string) ([]byte, bool) {
	i := slices.IndexFunc(p.Files, func(f File) bool { return f.Path == name })
	if i < 0 {
		return nil, false
	}
	return p.Files[i].Bytes, true
}

// What reading and verifying can find. Compare with errors.Is.
var (
	// ErrNotParcel: the file does not begin as a parcel does.
	ErrNotParcel = errors.New("this is no sendctl parcel")
	// ErrEncrypted: it is encrypted, and no identity was given.
	ErrEncrypted = errors.New("this parcel is encrypted, and no identity was given to open it with")
	// ErrOtherIdentity: it is encrypted to somebody else.
	ErrOtherIdentity = errors.New("this parcel is encrypted, and to none of the identities given")
	// ErrUnsigned: the parcel carries no signature.
	ErrUnsigned = errors.New("parcel is not signed")
	// ErrTooLarge: more or larger files than a parcel may hold.
	ErrTooLarge = errors.New("too large for a parcel")
	// ErrRecipient: not an age recipient.
	ErrRecipient = errors.New("not an age recipient (age1…)")
	// ErrIdentity: not a file of age identities.
	ErrIdentity = errors.New("not a file of age identities (AGE-SECRET-KEY-…)")
)

// DamagedError says that a parcel is not as it was written. Nobody mends one: the
// answer is to ask its maker for it again.
type DamagedError struct {
	What string // never anything of what the parcel holds
	Err  error  // may be nil
}

func (e *DamagedError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("the parcel is damaged: %s: %v", e.What, e.Err)
	}
	return "the parcel is damaged: " + e.What
}

// Unwrap gives the error underneath.
func (e *DamagedError) Unwrap() error { return e.Err }

// TooNewError says that a parcel is of a version this sendctl does not know.
type TooNewError struct{ Version int }

func (e *TooNewError) Error() string {
	return fmt.Sprintf("the parcel is of version %d, and this sendctl reads version %d: update sendctl", e.Version, version)
}

// InvalidError says what of a Parcel cannot be written.
type InvalidError struct{ What string }

func (e *InvalidError) Error() string { return "the parcel cannot be written: " + e.What }

// Verify says whether the parcel was signed with the given public key (see
// seal.VerifySignature, whose errors it gives); ErrUnsigned where it is not signed.
// Whether that key is its maker's is the caller's question.
func (p Parcel) Verify(authorizedKey string) error {
	if p.Signature == nil {
		return ErrUnsigned
	}
	return seal.VerifySignature(p.Manifest(), p.Signature, Namespace, authorizedKey)
}

// SignedBy is the public key that the signature names; it proves nothing until
// Verify has. ErrUnsigned where there is none.
func (p Parcel) SignedBy() (string, error) {
	if p.Signature == nil {
		return "", ErrUnsigned
	}
	return seal.KeyOf(p.Signature)
}
