package exchange

import (
	"bufio"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// ctfNote stands at the top of every CTF written here, for whoever opens it.
const ctfNote = ` A fragment of a Common Transfer File. It holds who the pupil is and the SEN history
     (dated steps of SEN provision, all needs), and nothing else that a CTF carries. The CTF
     that goes to the next school is made and sent by the school's own system. `

// Write writes the file: UTF-8, the elements in the order of the format, none of them
// empty. The same value gives the same bytes; what has no value is left out.
func (c CTF) Write(w io.Writer) error {
	out := bufio.NewWriter(w)
	x := &ctfWriter{out: out}
	x.line(`<?xml version="1.0" encoding="UTF-8"?>`)
	x.line("<!--" + ctfNote + "-->")
	x.open("CTfile")
	x.open("Header")
	x.value("DocumentName", "Common Transfer File")
	x.value("CTFversion", c.Version)
	if !c.Recorded.IsZero() {
		x.value("DateTime", c.Recorded.UTC().Format("2006-01-02T15:04:05"))
	}
	x.value("DocumentQualifier", "partial")
	x.value("SupplierID", c.Supplier)
	x.school("SourceSchool", c.Source)
	x.school("DestSchool", c.Dest)
	x.close("Header")
	x.open("CTFpupilData")
	for _, p := range c.Pupils {
		x.pupil(p, c.Version)
	}
	x.close("CTFpupilData")
	x.close("CTfile")
	if x.err != nil {
		return x.err
	}
	return out.Flush()
}

// ctfWriter writes elements, two spaces further in for each that is open. The first
// error stays, and ends it.
type ctfWriter struct {
	out   *bufio.Writer
	depth int
	err   error
}

func (x *ctfWriter) line(text string) {
	if x.err == nil {
		_, x.err = x.out.WriteString(strings.Repeat("  ", x.depth) + text + "\n")
	}
}

func (x *ctfWriter) open(name string)  { x.line("<" + name + ">"); x.depth++ }
func (x *ctfWriter) close(name string) { x.depth--; x.line("</" + name + ">") }

func (x *ctfWriter) value(name, value string) {
	if value == "" {
		return
	}
	var text strings.Builder
	if err := xml.EscapeText(&text, []byte(value)); err != nil && x.err == nil {
		x.err = err
	}
	x.line("<" + name + ">" + text.String() + "</" + name + ">")
}

func (x *ctfWriter) school(name string, s School) {
	if s == (School{}) {
		return
	}
	x.open(name)
	x.value("LEA", s.LA)
	x.value("Estab", s.Estab)
	x.value("SchoolName", s.Name)
	x.close(name)
}

func (x *ctfWriter) pupil(p Pupil, version string) {
	x.open("Pupil")
	x.value("UPN", p.UPN)
	x.value("UniqueLearnerNumber", p.ULN)
	x.value("Surname", p.Surname)
	x.value("Forename", p.Forename)
	x.value("DOB", p.Born.String())
	x.value(sexElement(version), p.Sex)
	if p.FormerUPN+p.Preferred+p.Year+p.Ethnicity+p.Status != "" {
		x.open("BasicDetails")
		x.value("FormerUPN", p.FormerUPN)
		x.value("PreferredForename", p.Preferred)
		x.value("NCyearActual", p.Year)
		x.value("Ethnicity", p.Ethnicity)
		x.value("EnrolStatus", p.Status)
		x.close("BasicDetails")
	}
	if len(p.Steps)+len(p.Needs) > 0 {
		x.history(p)
	}
	x.close("Pupil")
}

func (x *ctfWriter) history(p Pupil) {
	x.open("SENhistory")
	for _, s := range p.Steps {
		x.open("SEN")
		x.value("StartDate", s.From.String())
		x.value("SENprovision", s.Code)
		x.close("SEN")
	}
	if len(p.Needs) > 0 {
		x.open("SENneeds")
		for _, n := range p.Needs {
			x.open("SENneed")
			x.value("NeedStartDate", n.From.String())
			x.value("NeedEndDate", n.Until.String())
			if n.Rank > 0 {
				x.value("SENtypeRank", strconv.Itoa(n.Rank))
			}
			x.value("SENtype", n.Type)
			x.close("SENneed")
		}
		x.close("SENneeds")
	}
	x.close("SENhistory")
}
