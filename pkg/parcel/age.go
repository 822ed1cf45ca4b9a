package parcel

import (
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// Recipient is whom a parcel can be encrypted to.
type Recipient struct{ age age.Recipient }

// Identity opens what was encrypted to its recipient.
type Identity struct{ age age.Identity }

// ParseRecipient reads one age recipient, "age1…" (also "age1pq1…", which cannot be
// mixed with the others); ErrRecipient otherwise. It never repeats what was given: a
// secret key may have been pasted by mistake.
func ParseRecipient(s string) (Recipient, error) {
	rs, err := age.ParseRecipients(strings.NewReader(s))
	if err != nil || len(rs) != 1 {
		return Recipient{}, ErrRecipient
	}
	return Recipient{rs[0]}, nil
}

// ParseRecipients reads a file of recipients, one a line; empty lines and lines
// that begin with # count for nothing. Commands take either, so a single recipient
// is such a file too.
func ParseRecipients(r io.Reader) ([]Recipient, error) {
	rs, err := age.ParseRecipients(r)
	if err != nil {
		return nil, ErrRecipient
	}
	out := make([]Recipient, len(rs))
	for i, r := range rs {
		out[i] = Recipient{r}
	}
	return out, nil
}

// ParseIdentities reads a file of age identities, as age-keygen writes it.
func ParseIdentities(r io.Reader) ([]Identity, error) {
	is, err := age.ParseIdentities(r)
	if err != nil {
		return nil, ErrIdentity
	}
	out := make([]Identity, len(is))
	for i, id := range is {
		out[i] = Identity{id}
	}
	return out, nil
}

// NewIdentity makes an identity: the text of its file, as age-keygen would write it,
// and the recipient that others are told.
func NewIdentity() (file, recipient string, err error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", fmt.Errorf("make an identity: %w", err)
	}
	recipient = id.Recipient().String()
	return "# public key: " + recipient + "\n" + id.String() + "\n", recipient, nil
}
