package parcel

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"filippo.io/age"

	"github.com/sendctl/sendctl/pkg/seal"
)

// Write writes p, signed by signer unless that is nil, encrypted to the recipients
// unless there are none, and gives the hash of the plain parcel. It fails with
// *InvalidError or ErrTooLarge before the first byte is written, or with what the
// signer or w says.
func Write(w io.Writer, p Parcel, signer seal.Signer, to []Recipient) (hash string, err error) {
	files := p.sorted()
	m := manifest{Parcel: p}
	for _, f := range files {
		m.files = append(m.files, listed{path: f.Path, hash: seal.Hash(f.Bytes), size: int64(len(f.Bytes))})
	}
	if err := m.check(); err != nil {
		return "", err
	}
	head := m.bytes()
	if signer != nil {
		sig, err := signer.Sign(head, Namespace)
		if err != nil {
			return "", fmt.Errorf("sign the parcel: %w", err)
		}
		if sig, err = seal.Armoured(sig); err != nil {
			return "", fmt.Errorf("sign the parcel: %w", err)
		}
		head = append(head, sig...)
	}
	head = append(head, '\n')

	out, finish := w, func() error { return nil }
	if len(to) > 0 {
		recipients := make([]age.Recipient, len(to))
		for i, r := range to {
			recipients[i] = r.age
		}
		enc, err := age.Encrypt(w, recipients...)
		if err != nil {
			return "", fmt.Errorf("encrypt the parcel: %w", err)
		}
		out, finish = enc, enc.Close
	}
	sum := sha256.New()
	both := io.MultiWriter(out, sum)
	if _, err := both.Write(head); err != nil {
		return "", fmt.Errorf("write the parcel: %w", err)
	}
	for _, f := range files {
		if _, err := both.Write(f.Bytes); err != nil {
			return "", fmt.Errorf("write the parcel: %w", err)
		}
	}
	hash = "sha256:" + hex.EncodeToString(sum.Sum(nil))
	if _, err := io.WriteString(out, closing(hash)); err != nil {
		return "", fmt.Errorf("write the parcel: %w", err)
	}
	if err := finish(); err != nil {
		return "", fmt.Errorf("write the parcel: %w", err)
	}
	return hash, nil
}

func closing(hash string) string { return "sha256: " + hash[len("sha256:"):] + "\n" }
