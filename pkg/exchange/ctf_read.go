package exchange

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// ReadCTF reads a Common Transfer File. The error is a *NotCTFError; what is wrong with
// one pupil is in that pupil's Faults, with the element and its line. It takes no DTD
// and no entity beyond XML's own five, so that nothing can grow or be fetched.
func ReadCTF(b []byte) (CTF, error) {
	if len(b) > MaxCTF {
		return CTF{}, &NotCTFError{Why: fmt.Sprintf("it is larger than %d MB", MaxCTF>>20)}
	}
	text, err := ctfText(b)
	if err != nil {
		return CTF{}, err
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // done by ctfText
	r := &ctfReader{xml: d}
	if r.codes, err = ctfCodes(); err != nil {
		return CTF{}, err
	}
	var out CTF
	if err := r.file(&out); err != nil {
		var not *NotCTFError
		if errors.As(err, &not) {
			return CTF{}, err
		}
		line, _ := d.InputPos()
		why := "it is no well-formed XML from here on"
		if syntax := (*xml.SyntaxError)(nil); errors.Is(err, io.EOF) || errors.As(err, &syntax) && syntax.Msg == "unexpected EOF" {
			why = "it breaks off before its end; have it sent again"
		}
		return CTF{}, &NotCTFError{Line: line, Why: why}
	}
	return out, nil
}

// ctfCodeLists are the lists that values are held against.
type ctfCodeLists struct{ provision, types, withdrawn *pathway.CodeList }

func ctfCodes() (c ctfCodeLists, err error) {
	for name, to := range map[string]**pathway.CodeList{"sen-provision": &c.provision, "sen-type": &c.types, "withdrawn": &c.withdrawn} {
		if *to, err = recordfile.CodeList(name); err != nil {
			return c, err
		}
	}
	return c, nil
}

// ctfReader walks through a CTF once; depth is how many elements are open.
type ctfReader struct {
	xml   *xml.Decoder
	codes ctfCodeLists
	depth int
	kept  int // elements that were read whole, of the header or of one pupil
}

// element is an element that was read whole: its text, and the elements in it.
type element struct {
	name  string
	line  int
	text  string
	below []element
}

func (r *ctfReader) refuse(format string, args ...any) error {
	line, _ := r.xml.InputPos()
	return &NotCTFError{Line: line, Why: fmt.Sprintf(format, args...)}
}

// next gives the next start or end of an element, and the text before it. What belongs
// in no CTF ends the reading.
func (r *ctfReader) next() (start *xml.StartElement, text string, err error) {
	var said strings.Builder
	for {
		tok, err := r.xml.Token()
		if err != nil {
			return nil, "", err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if r.depth++; r.depth > maxCTFDepth {
				return nil, "", r.refuse("its elements lie more than %d deep in one another", maxCTFDepth)
			}
			if why := inventedElement(t.Name.Local); why != "" {
				return nil, "", r.refuse("%s", why)
			}
			return &t, said.String(), nil
		case xml.EndElement:
			r.depth--
			return nil, said.String(), nil
		case xml.CharData:
			said.Write(t[:min(len(t), max(maxCTFText+1-said.Len(), 0))]) // that it is too long is told where it is taken
		case xml.Directive:
			return nil, "", r.refuse("it holds a <!…> declaration, which no CTF needs and which is not followed here")
		case xml.ProcInst:
			if t.Target != "xml" {
				return nil, "", r.refuse("it holds a <?…?> instruction, which no CTF needs")
			}
		}
	}
}

// inventedElement says of the name of an element that other formats have, or that
// programs made up, that no CTF has it; "" for any other.
func inventedElement(name string) string {
	if slices.Contains([]string{"SENstatus", "SENprovisionInfo", "SENstage", "SchoolDataMLwithSpecials", "SchoolCensusPreview"}, name) {
		return "<" + name + "> is an element that no Common Transfer File has; a SEN history is <SEN> with <StartDate> and <SENprovision>: have the file exported as a CTF"
	}
	return ""
}

// file reads the root and what is in it.
func (r *ctfReader) file(out *CTF) error {
	root, _, err := r.next()
	if err != nil {
		return err
	}
	switch name := root.Name.Local; {
	case name == "CTfile":
	case name == "Message":
		return r.refuse("its root is <Message>, so it is a census return or another collection of the DfE; a CTF begins with <CTfile>")
	default:
		return r.refuse("its root is <%s>, and that of a CTF is <CTfile>", shortName(name))
	}
	header, pupils := false, false
	for {
		start, _, err := r.next()
		switch {
		case err != nil:
			return err
		case start == nil:
			return r.after(header, pupils)
		case start.Name.Local == "Header" && !header:
			header = true
			h, err := r.whole(start)
			if err != nil {
				return err
			}
			readCTFHeader(h, out)
		case start.Name.Local == "CTFpupilData" && !pupils:
			pupils = true
			if err := r.pupils(out); err != nil {
				return err
			}
		default:
			if err := r.skip(); err != nil {
				return err
			}
		}
	}
}

// after sees to it that a CTF was whole, and that nothing follows its end.
func (r *ctfReader) after(header, pupils bool) error {
	if !header {
		return r.refuse("it has no <Header>")
	}
	if !pupils {
		return r.refuse("it has no <CTFpupilData>")
	}
	for {
		tok, err := r.xml.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.CharData:
			if len(bytes.TrimSpace(t)) == 0 {
				continue
			}
		case xml.Comment:
			continue
		}
		return r.refuse("something stands behind its end")
	}
}

// shortName is the name of an element as an error may show it.
func shortName(name string) string {
	if len(name) > 40 {
		return name[:40] + "…"
	}
	return name
}

// skip passes over an element whose start was read.
func (r *ctfReader) skip() error {
	for open := r.depth; r.depth >= open; {
		if _, _, err := r.next(); err != nil {
			return err
		}
	}
	return nil
}

// whole reads an element whose start was read, with all that is in it.
func (r *ctfReader) whole(start *xml.StartElement) (element, error) {
	line, _ := r.xml.InputPos()
	e := element{name: start.Name.Local, line: line}
	if r.kept++; r.kept > maxCTFElements {
		return e, r.refuse("one pupil has more than %d elements", maxCTFElements)
	}
	var text strings.Builder
	for {
		in, said, err := r.next()
		if err != nil {
			return e, err
		}
		text.WriteString(said)
		if in == nil {
			e.text = strings.TrimSpace(text.String())
			return e, nil
		}
		sub, err := r.whole(in)
		if err != nil {
			return e, err
		}
		e.below = append(e.below, sub)
	}
}

// first is the first element below with a name.
func (e element) first(name string) (element, bool) {
	for _, x := range e.below {
		if x.name == name {
			return x, true
		}
	}
	return element{}, false
}

// said is the text of the first element below with a name, "" where there is none.
func (e element) said(name string) string { x, _ := e.first(name); return x.text }

func readCTFHeader(h element, out *CTF) {
	out.Version, out.Supplier = h.said("CTFversion"), h.said("SupplierID")
	for _, layout := range []string{"2006-01-02T15:04:05", time.RFC3339} {
		if t, err := time.Parse(layout, h.said("DateTime")); err == nil {
			out.Recorded = t.UTC()
			break
		}
	}
	school := func(name string) School {
		s, _ := h.first(name)
		return School{LA: s.said("LEA"), Estab: s.said("Estab"), Name: s.said("SchoolName")}
	}
	out.Source, out.Dest = school("SourceSchool"), school("DestSchool")
}

func (r *ctfReader) pupils(out *CTF) error {
	for {
		start, _, err := r.next()
		switch {
		case err != nil:
			return err
		case start == nil:
			return nil
		case start.Name.Local != "Pupil":
			err = r.skip()
		default:
			err = r.pupil(out)
		}
		if err != nil {
			return err
		}
	}
}

// pupil reads one pupil; of what is in it only what is taken is kept.
func (r *ctfReader) pupil(out *CTF) error {
	line, _ := r.xml.InputPos()
	e := element{name: "Pupil", line: line}
	if r.kept = 0; len(out.Pupils) == maxCTFPupils {
		return r.refuse("it holds more than %d pupils", maxCTFPupils)
	}
	for {
		start, _, err := r.next()
		if err != nil {
			return err
		}
		if start == nil {
			out.Pupils = append(out.Pupils, r.pupilOf(e, len(out.Pupils)+1))
			return nil
		}
		switch start.Name.Local {
		case "UPN", "UniqueLearnerNumber", "Surname", "Forename", "DOB", "Sex", "Gender", "BasicDetails", "SENhistory":
			sub, err := r.whole(start)
			if err != nil {
				return err
			}
			e.below = append(e.below, sub)
		default:
			if err := r.skip(); err != nil {
				return err
			}
		}
	}
}

// pupilReader takes the values of one pupil.
type pupilReader struct {
	codes ctfCodeLists
	p     Pupil
}

func (r *ctfReader) pupilOf(e element, place int) Pupil {
	q := &pupilReader{codes: r.codes, p: Pupil{Row: place}}
	p := &q.p
	q.once(e, "UPN", "UniqueLearnerNumber", "Surname", "Forename", "DOB", "Sex", "Gender", "BasicDetails", "SENhistory")
	p.UPN = q.number(e, "UPN", UPN, ids.CheckUPN)
	p.ULN = q.number(e, "UniqueLearnerNumber", ULN, ids.CheckULN)
	p.Surname, p.Forename = q.text(e, "", "Surname", Surname), q.text(e, "", "Forename", Forename)
	p.Born = q.date(e, "", "DOB", BirthDate)
	for _, name := range []string{"Sex", "Gender"} {
		x, ok := e.first(name)
		switch {
		case !ok || x.text == "":
		case x.text != "M" && x.text != "F":
			q.fault(x, name, Sex, "this is neither M nor F")
		case p.Sex != "" && p.Sex != x.text:
			q.fault(x, name, Sex, "Sex and Gender say two different things")
		default:
			p.Sex = x.text
		}
	}
	if b, ok := e.first("BasicDetails"); ok {
		const at = "BasicDetails/"
		q.once(b, "FormerUPN", "PreferredForename", "Ethnicity", "EnrolStatus", "NCyearActual")
		p.FormerUPN = q.number(b, "FormerUPN", FormerUPN, ids.CheckUPN)
		p.Preferred = q.text(b, at, "PreferredForename", PreferredName)
		p.Ethnicity = q.text(b, at, "Ethnicity", Ethnicity)
		p.Status = q.text(b, at, "EnrolStatus", Status)
		p.Year = q.text(b, at, "NCyearActual", Year)
	}
	if h, ok := e.first("SENhistory"); ok {
		q.history(h)
	}
	return q.p
}

// fault notes what cannot be taken: at is the element from Pupil on.
func (q *pupilReader) fault(e element, at string, f Field, message string) {
	q.p.Faults = append(q.p.Faults, Fault{Row: q.p.Row, Column: fmt.Sprintf("%s, line %d", at, e.line), Field: f, Message: message})
}

// once finds elements that stand there again: nobody could tell which of them counts.
func (q *pupilReader) once(e element, names ...string) {
	seen := map[string]bool{}
	for _, x := range e.below {
		if slices.Contains(names, x.name) && seen[x.name] {
			q.fault(x, x.name, "", "this element stands here a second time")
		}
		seen[x.name] = true
	}
}

func (q *pupilReader) text(e element, at, name string, f Field) string {
	x, _ := e.first(name)
	switch {
	case len(x.text) > maxCTFText:
		q.fault(x, at+name, f, "this is longer than any such value")
		return ""
	case strings.ContainsFunc(x.text, func(c rune) bool { return c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == 0x7f }):
		q.fault(x, at+name, f, "a control character stands in it")
		return ""
	case strings.ContainsFunc(x.text, unseen):
		q.fault(x, at+name, f, "a character stands in it that cannot be seen, so that it reads as another name than it is")
		return ""
	}
	return strings.Join(strings.Fields(x.text), " ")
}

func (q *pupilReader) number(e element, name string, f Field, check func(string) error) string {
	at := ""
	if f == FormerUPN {
		at = "BasicDetails/"
	}
	v := q.text(e, at, name, f)
	if v == "" {
		return ""
	}
	if err := check(v); err != nil {
		x, _ := e.first(name)
		q.fault(x, at+name, f, err.Error())
	}
	return v
}

func (q *pupilReader) date(e element, at, name string, f Field) date.Date {
	x, ok := e.first(name)
	if !ok || x.text == "" {
		return date.Date{}
	}
	d, err := date.Parse(x.text)
	if err != nil {
		q.fault(x, at+name, f, "this is no date as a CTF has it, YYYY-MM-DD")
	}
	return d
}

// history reads the SEN history: dated steps of provision, and all needs.
func (q *pupilReader) history(h element) {
	places := map[string]int{}
	for _, x := range h.below {
		places[x.name]++
		at := fmt.Sprintf("SENhistory/%s[%d]/", x.name, places[x.name])
		switch x.name {
		case "SEN":
			q.step(x, at)
		case "SENneeds":
			n := 0
			for _, need := range x.below {
				if need.name == "SENneed" {
					n++
					q.need(need, fmt.Sprintf("SENhistory/SENneeds/SENneed[%d]/", n))
				}
			}
		}
	}
	slices.SortStableFunc(q.p.Steps, func(a, b Step) int { return a.From.Compare(b.From) })
	if n := len(q.p.Steps); n > 0 {
		if old, ok := q.codes.withdrawn.Code(q.p.Steps[n-1].Code); ok && len(old.Code) == 1 {
			q.fault(h, "SENhistory", Provision, "the newest code for SEN provision is one that the census takes no more; it is "+old.ReplacedBy+" now: have it put right in the school's own system")
		}
	}
}

// step reads one step. A code that was withdrawn is kept: before 2014 it was right.
func (q *pupilReader) step(e element, at string) {
	q.once(e, "StartDate", "SENprovision")
	s := Step{From: q.date(e, at, "StartDate", ProvisionFrom), Code: q.text(e, at, "SENprovision", Provision)}
	x, _ := e.first("SENprovision")
	_, known := q.codes.provision.Code(s.Code)
	old, was := q.codes.withdrawn.Code(s.Code)
	switch {
	case s.Code == "":
		q.fault(e, strings.TrimSuffix(at, "/"), Provision, "this step has no SENprovision")
	case !known && (!was || len(old.Code) != 1):
		q.fault(x, at+"SENprovision", Provision, "this is no code for SEN provision: N, K or E")
	}
	if s != (Step{}) {
		q.p.Steps = append(q.p.Steps, s)
	}
}

func (q *pupilReader) need(e element, at string) {
	q.once(e, "NeedStartDate", "NeedEndDate", "SENtypeRank", "SENtype")
	n := Need{
		From: q.date(e, at, "NeedStartDate", ""), Until: q.date(e, at, "NeedEndDate", ""),
		Type: q.text(e, at, "SENtype", Need1),
	}
	if x, ok := e.first("SENtypeRank"); ok && x.text != "" {
		rank, err := strconv.Atoi(x.text)
		if err != nil || rank < 1 || rank > 99 {
			q.fault(x, at+"SENtypeRank", Need1, "a rank is a number from 1 to 99")
		} else {
			n.Rank = rank
		}
	}
	x, _ := e.first("SENtype")
	_, known := q.codes.types.Code(n.Type)
	old, was := q.codes.withdrawn.Code(n.Type)
	switch {
	case n.Type == "":
		q.fault(e, strings.TrimSuffix(at, "/"), Need1, "this need has no SENtype")
	case was && len(old.Code) > 1 && n.Until.IsZero():
		q.fault(x, at+"SENtype", Need1, "this type of need was withdrawn; it is "+old.ReplacedBy+" now")
	case !known && !was:
		q.fault(x, at+"SENtype", Need1, "this is no type of need that the census has")
	}
	if n != (Need{}) {
		q.p.Needs = append(q.p.Needs, n)
	}
}
