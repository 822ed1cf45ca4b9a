package exchange

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// CTF is a Common Transfer File: the XML in which one school's system passes pupils on
// to another's. Of a pupil only identity, status and the SEN history are taken; what
// else the file holds (attendance, assessments, addresses) is left unread.
type CTF struct {
	Version  string    // CTFversion, such as 25.0; see CTFVersion
	Recorded time.Time // DateTime; zero where there is none
	Supplier string    // SupplierID: the program that wrote it
	Source   School
	Dest     School // zero where it names none
	Pupils   []Pupil
}

// School is a school in the header of a CTF.
type School struct {
	LA    string // the element LEA: three digits
	Estab string // four digits
	Name  string
}

// The limits of what ReadCTF takes: beyond them a file is no CTF of a school.
const (
	MaxCTF         = 64 << 20 // bytes
	maxCTFDepth    = 32
	maxCTFText     = 4 << 10 // bytes of one value that is taken
	maxCTFElements = 10_000  // of one pupil, among those that are taken
	maxCTFPupils   = 100_000
)

// CTFVersions are the versions that Write writes, the current one first. One is used
// from September; the one of the year before is still taken.
func CTFVersions() []string { return []string{"25.0", "24.0"} }

// CTFVersion is the version that was meant by "24" or "24.0"; ok is false for one that
// Write does not write.
func CTFVersion(typed string) (version string, ok bool) {
	for _, v := range CTFVersions() {
		if typed == v || typed+".0" == v {
			return v, true
		}
	}
	return "", false
}

// sexSince is the version from which the element is Sex, and was Gender before.
const sexSince = 25

// sexElement is the name of the element in a version.
func sexElement(version string) string {
	whole, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(whole); err == nil && n < sexSince {
		return "Gender"
	}
	return "Sex"
}

// NotCTFError says that bytes are no Common Transfer File that can be read. Why never
// holds a value of it but the names of its elements.
type NotCTFError struct {
	Line int // from 1; 0 where it is about the whole file
	Why  string
}

func (e *NotCTFError) Error() string {
	if e.Line == 0 {
		return "not a Common Transfer File: " + e.Why
	}
	return fmt.Sprintf("not a Common Transfer File: line %d: %s", e.Line, e.Why)
}
