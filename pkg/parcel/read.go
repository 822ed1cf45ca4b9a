package parcel

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"strings"

	"filippo.io/age"

	"github.com/sendctl/sendctl/pkg/seal"
)

const ageHeader = "age-encryption.org/"

// Read reads a parcel whole and checks every byte of it. It gives ErrNotParcel,
// ErrEncrypted, ErrOtherIdentity, ErrTooLarge, *TooNewError, *DamagedError, or what r says. The
// signature is checked for its shape only; see Parcel.Verify.
func Read(r io.Reader, identities []Identity) (Parcel, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	start, err := in.Peek(len(ageHeader))
	if err != nil && !errors.Is(err, io.EOF) {
		return Parcel{}, err
	}
	if string(start) != ageHeader {
		return readPlain(in)
	}
	if len(identities) == 0 {
		return Parcel{}, ErrEncrypted
	}
	ids := make([]age.Identity, len(identities))
	for i, id := range identities {
		ids[i] = id.age
	}
	inner, err := age.Decrypt(in, ids...)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none):
		return Parcel{}, ErrOtherIdentity
	case err != nil:
		return Parcel{}, &DamagedError{What: "it cannot be decrypted", Err: err}
	}
	p, err := readPlain(bufio.NewReaderSize(inner, 64<<10))
	p.Encrypted = true
	return p, err
}

// summed hashes what is read, but not what is only looked at.
type summed struct {
	in  *bufio.Reader
	sum hash.Hash
}

func (s *summed) Read(b []byte) (int, error) {
	n, err := s.in.Read(b)
	s.sum.Write(b[:n])
	return n, err
}

// line reads one line without its end, of at most the given length.
func (s *summed) line(most int) (string, error) {
	var long []byte
	for {
		b, err := s.in.ReadSlice('\n')
		s.sum.Write(b)
		if len(long)+len(b) > most {
			return "", &DamagedError{What: "a line of its manifest is too long"}
		}
		switch {
		case err == nil && long == nil:
			return string(b[:len(b)-1]), nil
		case err == nil:
			long = append(long, b...)
			return string(long[:len(long)-1]), nil
		case errors.Is(err, bufio.ErrBufferFull):
			long = append(long, b...)
		default:
			return "", cut(err)
		}
	}
}

// cut says what an error of reading in the middle means.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &DamagedError{What: "it ends too early"}
	}
	return &DamagedError{What: "it cannot be read to its end", Err: err}
}

const maxLine = 2000 // bytes; the longest honest one names a path of 1,000

func readPlain(in *bufio.Reader) (Parcel, error) {
	s := &summed{in, sha256.New()}
	if start, err := in.Peek(len(header)); err != nil || string(start) != header {
		if err != nil && !errors.Is(err, io.EOF) {
			return Parcel{}, cut(err)
		}
		return Parcel{}, ErrNotParcel
	}
	left := MaxManifest
	l := &lines{next: func() (string, error) {
		if left <= 0 {
			return "", ErrTooLarge
		}
		text, err := s.line(maxLine)
		left -= len(text) + 1
		return text, err
	}}
	m, err := readManifest(l)
	if newer := (*TooNewError)(nil); errors.As(err, &newer) {
		return Parcel{}, newerOrDamaged(s, newer)
	}
	if err != nil {
		return Parcel{}, err
	}
	p := m.Parcel
	if p.Signature, err = readSignature(l); err != nil {
		return Parcel{}, err
	}
	for _, f := range m.files {
		b, err := exactly(s, f.size)
		if err != nil {
			return Parcel{}, err
		}
		if seal.Hash(b) != f.hash {
			return Parcel{}, &DamagedError{What: "a file's bytes are not those its list names"}
		}
		p.Files = append(p.Files, File{f.path, b})
	}
	p.Hash = "sha256:" + hex.EncodeToString(s.sum.Sum(nil))
	end, err := io.ReadAll(io.LimitReader(in, int64(len(closing(p.Hash)))+1))
	if err != nil {
		return Parcel{}, cut(err)
	}
	switch want := closing(p.Hash); {
	case len(end) < len(want):
		return Parcel{}, cut(io.EOF)
	case len(end) > len(want) && string(end[:len(want)]) == want:
		return Parcel{}, &DamagedError{What: "something follows its end"}
	case string(end) != want:
		return Parcel{}, &DamagedError{What: "its closing hash does not fit"}
	}
	return p, nil
}

// readSignature reads the armour, if there is one, and the empty line after it.
func readSignature(l *lines) ([]byte, error) {
	if l.peek() == "" && l.err == nil {
		l.take()
		return nil, nil
	}
	var b strings.Builder
	for b.Len() < seal.MaxSize {
		line := l.take()
		if l.err != nil {
			return nil, l.err
		}
		if line == "" {
			sig := []byte(b.String())
			if again, err := seal.Armoured(sig); err != nil || !bytes.Equal(again, sig) {
				return nil, &DamagedError{What: "what stands in the place of its signature is none"}
			}
			return sig, nil
		}
		b.WriteString(line + "\n")
	}
	return nil, &DamagedError{What: "its signature is too long"}
}

// exactly reads n bytes. The list may promise more than there is: memory is asked
// for as bytes arrive.
func exactly(r io.Reader, n int64) ([]byte, error) {
	if n <= 1<<20 {
		b := make([]byte, n)
		if _, err := io.ReadFull(r, b); err != nil {
			return nil, cut(err)
		}
		return b, nil
	}
	var b bytes.Buffer
	if _, err := io.CopyN(&b, r, n); err != nil {
		return nil, cut(err)
	}
	return b.Bytes(), nil
}

// newerOrDamaged tells a parcel of a later version from one of this version whose
// first line was damaged: every version ends with the hash of what stands before it.
func newerOrDamaged(s *summed, newer *TooNewError) error {
	rest, err := io.ReadAll(io.LimitReader(s.in, MaxBytes+MaxManifest))
	if err != nil {
		return cut(err)
	}
	n := len(rest) - len(closing("sha256:"+strings.Repeat("0", 64)))
	if n < 0 {
		return cut(io.EOF)
	}
	s.sum.Write(rest[:n])
	if string(rest[n:]) != closing("sha256:"+hex.EncodeToString(s.sum.Sum(nil))) {
		return &DamagedError{What: "its closing hash does not fit"}
	}
	return newer
}
