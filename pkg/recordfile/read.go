package recordfile

import (
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// File is one record file: where it lies, the document it is, and what it says.
type File[T any] struct {
	Path  string // slash path from the root of the record folder
	Doc   *yamldoc.Doc
	Value T
}

// Parse reads the bytes of the file at path by the rules of kind k and reports
// every fault of syntax and shape. The document is nil where there is no usable
// tree. A *VersionError comes before anything else is judged.
func Parse(path string, k Kind, src []byte) (*yamldoc.Doc, []diag.Finding, error) {
	return parse(nil, path, k, src)
}

func parse(room *yamldoc.Room, path string, k Kind, src []byte) (*yamldoc.Doc, []diag.Finding, error) {
	format, _ := yamldoc.Sniff(src)
	bad, err := checkFormat(path, format, k)
	if err != nil {
		return nil, nil, err
	}
	doc, findings := room.Parse(path, src)
	if len(findings) > 0 {
		if all, ok := yamldoc.OneSlip(path, src, weigh(path, k)); ok {
			return doc, all, nil
		}
	}
	if doc == nil {
		return nil, diag.Sort(findings), nil
	}
	if doc.Root() == nil || doc.Root().Kind != yamldoc.Map {
		findings = append(findings, diag.Finding{Rule: "shape", Severity: diag.Error, File: path,
			Message: "the file holds no keys", Hint: "it must begin with the line: format: " + k.Format()})
		return nil, diag.Sort(findings), nil
	}
	if bad != nil {
		if n := doc.Root().Get("format"); n != nil {
			bad.Span = n.Span
		}
		// Judging a file by the wrong kind's shape would bury this under noise.
		return doc, diag.Sort(append(findings, *bad)), nil
	}
	s, err := shapeOf(k)
	if err != nil {
		return nil, nil, err
	}
	all, _ := held(path, k, s, doc, findings)
	return doc, all, nil
}

// held gives everything that is wrong with a document held to the shape of its kind,
// faults of syntax included, and how much of it is a thing in the wrong place.
func held(path string, k Kind, s *shape, doc *yamldoc.Doc, findings []diag.Finding) (all []diag.Finding, astray int) {
	c := checker{file: path, kind: k, root: s}
	if len(findings) > 0 {
		c.shapes = map[int]shaped{}
	}
	c.check(doc.Root(), s, where{}, true)
	if len(findings)+len(c.out) == 0 { // as nearly every file
		return nil, 0
	}
	c.once()
	c.meant(findings)
	return diag.Sort(append(findings, beyond(findings, c.out)...)), c.astray
}

// weigh judges a file of kind k that was repaired on trial.
func weigh(path string, k Kind) yamldoc.Weigh {
	s, err := shapeOf(k)
	return func(doc *yamldoc.Doc, found []diag.Finding) ([]diag.Finding, int) {
		format, _ := yamldoc.Sniff(doc.Bytes())
		if bad, e := checkFormat(path, format, k); bad != nil || e != nil || err != nil || doc.Root().Kind != yamldoc.Map {
			return nil, 1
		}
		return held(path, k, s, doc, found)
	}
}

// beyond leaves out the findings about a place that an earlier finding covers: a
// text that lost its second half is one fault, not also an unknown key.
func beyond(earlier, later []diag.Finding) []diag.Finding {
	var from, to []int // where earlier errors begin, in order, and how far those up to each reach
	for _, e := range diag.Sort(slices.Clone(earlier)) {
		if e.Severity != diag.Error {
			continue
		}
		end := e.Span.End.Offset
		if n := len(to); n > 0 {
			end = max(end, to[n-1])
		}
		from, to = append(from, e.Span.Start.Offset), append(to, end)
	}
	return slices.DeleteFunc(later, func(f diag.Finding) bool {
		at := f.Span.Start.Offset
		i, _ := slices.BinarySearch(from, at+1)
		return f.Span.Start.Line > 0 && i > 0 && at < to[i-1]
	})
}

// Read parses and decodes. Where findings hold an error the value is what could
// be understood, good enough to show and never good enough to write back.
func Read[T any](path string, k Kind, src []byte) (File[T], []diag.Finding, error) {
	return ReadInto[T](nil, path, k, src)
}

// ReadInto is Read into a room, nil for none: the document is good until that is cleared.
func ReadInto[T any](room *yamldoc.Room, path string, k Kind, src []byte) (File[T], []diag.Finding, error) {
	f := File[T]{Path: path}
	doc, findings, err := parse(room, path, k, src)
	if err != nil || doc == nil {
		return f, findings, err
	}
	f.Doc = doc
	decode(doc.Root(), &f.Value)
	return f, findings, nil
}

// Edited gives the file with edits made to its document, the value read anew.
// The edits are spliced and proved; nothing else of the bytes changes. Faults of
// syntax that were there before are still there, for who writes it to judge.
func (f File[T]) Edited(k Kind, edits ...yamldoc.Edit) (File[T], error) {
	doc, err := f.Doc.Edit(edits...)
	if err != nil {
		return f, fmt.Errorf("%s: %w", f.Path, err)
	}
	s, err := shapeOf(k)
	if err != nil {
		return f, err
	}
	c := checker{file: f.Path, kind: k, root: s}
	c.check(doc.Root(), s, where{}, true)
	if diag.Worst(c.out) == diag.Error {
		return f, &FaultsError{Findings: diag.Sort(c.out)}
	}
	out := File[T]{Path: f.Path, Doc: doc}
	decode(doc.Root(), &out.Value)
	return out, nil
}

// FaultsError holds the findings that stop a file from being used or written.
type FaultsError struct{ Findings []diag.Finding }

func (e *FaultsError) Error() string {
	if len(e.Findings) == 0 {
		return "the file has faults"
	}
	f := e.Findings[0]
	s := f.File
	if f.Span.Start.Line > 0 {
		s = fmt.Sprintf("%s:%d:%d", f.File, f.Span.Start.Line, f.Span.Start.Col)
	}
	s += ": " + f.Message
	if len(e.Findings) > 1 {
		s += fmt.Sprintf(" (and %d more)", len(e.Findings)-1)
	}
	return s
}
