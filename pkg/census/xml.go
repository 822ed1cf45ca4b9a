package census

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
)

// The elements of a School Census message, in their order. Two places are from general
// knowledge, and what WriteXML writes says so: the parent of TopUpFunding, and the
// wrapper SENneed. What the record does not hold (languages, attendance, addresses) has
// no element here, and CBDSLevels, of which nobody here knows what it holds, none either.

type xmlHeader struct {
	Collection xmlCollection `xml:"CollectionDetails"`
	Source     xmlSource     `xml:"Source"`
}

type xmlCollection struct {
	Collection, Term    string
	Year, ReferenceDate string
}

type xmlSource struct {
	SourceLevel, LEA, Estab string
	SoftwareCode            string
	DateTime                string `xml:",omitempty"`
}

type xmlPupil struct {
	XMLName         xml.Name `xml:"PupilOnRoll"`
	Identifiers     *xmlIdentifiers
	Characteristics xmlCharacteristics
	Status          xmlStatus
	Needs           xmlNeeds
}

type xmlIdentifiers struct {
	XMLName             xml.Name `xml:"PupilIdentifiers"`
	UPN                 string   `xml:",omitempty"`
	FormerUPN           string   `xml:",omitempty"`
	UniqueLearnerNumber string   `xml:",omitempty"`
	Surname             string   `xml:",omitempty"`
	Forename            string   `xml:",omitempty"`
	Sex                 string   `xml:",omitempty"`
	DOB                 string   `xml:",omitempty"`
}

type xmlCharacteristics struct {
	XMLName      xml.Name `xml:"PupilCharacteristics"`
	Ethnicity    string   `xml:",omitempty"`
	TopUpFunding bool
}

type xmlStatus struct {
	XMLName      xml.Name `xml:"PupilStatus"`
	EnrolStatus  string   `xml:",omitempty"`
	EntryDate    string   `xml:",omitempty"`
	NCyearActual string   `xml:",omitempty"`
}

type xmlNeeds struct {
	XMLName                     xml.Name `xml:"SpecialEducationalNeeds"`
	SENprovision                string   `xml:",omitempty"`
	SENneeds                    *xmlTypes
	SENunitIndicator            *bool
	ResourcedProvisionIndicator *bool
}

type xmlTypes struct {
	SENneed []xmlNeed
}

type xmlNeed struct {
	SENtypeRank string `xml:",omitempty"`
	SENtype     string `xml:",omitempty"`
}

// WriteXML writes the return as a School Census message that holds the SEN block alone,
// which a comment at its top says: UTF-8, lines ending in LF, no empty element but for a
// return without pupils. The errors are those of w.
func (r Return) WriteXML(w io.Writer) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	lines := append(r.about(), "Where TopUpFunding and SENneed stand was not checked against the DfE's technical specification.")
	comment := xml.Comment("\n  " + strings.ReplaceAll(strings.Join(append(lines, r.marks()...), "\n  "), "--", "- -") + "\n")
	open := func(name string) xml.Token { return xml.StartElement{Name: xml.Name{Local: name}} }
	shut := func(name string) xml.Token { return xml.EndElement{Name: xml.Name{Local: name}} }
	for _, t := range []xml.Token{comment, xml.CharData("\n"), open("Message")} {
		if err := enc.EncodeToken(t); err != nil {
			return err
		}
	}
	if err := enc.EncodeElement(r.xmlHeader(), xml.StartElement{Name: xml.Name{Local: "Header"}}); err != nil {
		return err
	}
	for _, t := range []xml.Token{open("Pupils"), open("PupilsOnRoll")} {
		if err := enc.EncodeToken(t); err != nil {
			return err
		}
	}
	for _, p := range r.Pupils {
		if err := enc.Encode(r.xmlPupil(p)); err != nil {
			return err
		}
	}
	for _, t := range []xml.Token{shut("PupilsOnRoll"), shut("Pupils"), shut("Message")} {
		if err := enc.EncodeToken(t); err != nil {
			return err
		}
	}
	if err := enc.Close(); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (r Return) xmlHeader() xmlHeader {
	h := xmlHeader{
		Collection: xmlCollection{Collection: "SC", Term: string(r.Term), Year: strconv.Itoa(r.Day.Year()), ReferenceDate: r.Day.String()},
		Source:     xmlSource{SourceLevel: "S", LEA: r.Setting.LA, Estab: r.Setting.Estab, SoftwareCode: "sendctl"},
	}
	if !r.Recorded.IsZero() {
		h.Source.DateTime = r.Recorded.UTC().Format("2006-01-02T15:04:05Z")
	}
	return h
}

func (r Return) xmlPupil(p Pupil) xmlPupil {
	out := xmlPupil{
		Characteristics: xmlCharacteristics{Ethnicity: p.Ethnicity, TopUpFunding: p.TopUp},
		Status:          xmlStatus{EnrolStatus: p.Status, EntryDate: dayOf(p.Entry), NCyearActual: p.Year},
		Needs:           xmlNeeds{SENprovision: p.Provision},
	}
	who := xmlIdentifiers{UPN: p.UPN, FormerUPN: p.FormerUPN, UniqueLearnerNumber: p.ULN, Surname: p.Surname, Forename: p.Forename,
		Sex: p.Sex, DOB: dayOf(p.Born)}
	if who != (xmlIdentifiers{}) {
		out.Identifiers = &who
	}
	var types []xmlNeed
	for _, n := range p.Taken(r.Term) {
		if n.Rank > 0 || n.Type != "" {
			types = append(types, xmlNeed{SENtypeRank: rankOf(n), SENtype: n.Type})
		}
	}
	if types != nil {
		out.Needs.SENneeds = &xmlTypes{types}
	}
	if unit, resourced, asked := r.Indicators(p); asked {
		out.Needs.SENunitIndicator, out.Needs.ResourcedProvisionIndicator = &unit, &resourced
	}
	return out
}

// rankOf is a rank as it is written; "" where the record has none.
func rankOf(n Need) string {
	if n.Rank == 0 {
		return ""
	}
	return strconv.Itoa(n.Rank)
}

// dayOf is a date as it is written; "" where the record has none.
func dayOf(d date.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}
