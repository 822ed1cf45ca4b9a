package census

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// jsonHead is the document but its pupils; WriteJSON says what each key holds.
type jsonHead struct {
	Format     string      `json:"format"`
	About      string      `json:"about"`
	Fragment   bool        `json:"fragment"`
	Collection string      `json:"collection"`
	Term       Term        `json:"term"`
	Year       int         `json:"year"`
	Day        string      `json:"day"`
	Recorded   string      `json:"recorded,omitempty"`
	Setting    jsonSetting `json:"setting"`
	Errors     int         `json:"made_in_spite_of_errors"`
	Faulty     []string    `json:"files_with_errors,omitempty"`
}

type jsonSetting struct {
	Name  string `json:"name,omitempty"`
	LA    string `json:"la"`
	Estab string `json:"estab"`
	URN   string `json:"urn,omitempty"`
}

type jsonPupil struct {
	Learner   string     `json:"learner"`
	UPN       string     `json:"upn,omitempty"`
	FormerUPN string     `json:"former_upn,omitempty"`
	ULN       string     `json:"uln,omitempty"`
	Surname   string     `json:"surname,omitempty"`
	Forename  string     `json:"forename,omitempty"`
	Preferred string     `json:"name_used,omitempty"`
	Born      string     `json:"born,omitempty"`
	Sex       string     `json:"sex,omitempty"`
	Ethnicity string     `json:"ethnicity,omitempty"`
	Entry     string     `json:"entry,omitempty"`
	Status    string     `json:"enrolment_status,omitempty"`
	Assumed   bool       `json:"enrolment_status_assumed,omitempty"`
	Year      string     `json:"year,omitempty"`
	Provision string     `json:"sen_provision,omitempty"`
	Since     string     `json:"sen_provision_since,omitempty"`
	Needs     []jsonNeed `json:"needs,omitempty"`
	Unit      *bool      `json:"sen_unit,omitempty"`
	Resourced *bool      `json:"resourced_provision,omitempty"`
	TopUp     bool       `json:"top_up"`
	Unread    bool       `json:"file_with_errors,omitempty"`
}

type jsonNeed struct {
	Rank int    `json:"rank,omitempty"`
	Type string `json:"type,omitempty"`
}

// WriteJSON writes the return as one document of the form sendctl-census/1: UTF-8, lines
// ending in LF, keys in a fixed order. The errors are those of w.
//
//	format                   "sendctl-census/1"
//	about                    what this is, for people
//	fragment                 true: it is the SEN block of a return and no return
//	collection, term, year   "SC", "AUT" | "SPR" | "SUM", the year of the day
//	day                      the census day, YYYY-MM-DD
//	recorded                 when the newest commit was made that it is from, UTC; not there
//	                         where something of it is not recorded
//	setting                  name, la, estab, urn
//	made_in_spite_of_errors  how many errors the check before it had; 0 but with --anyway
//	files_with_errors        paths, where there are such; likewise
//	pupils                   on roll that day, sorted by surname, forename, born, upn, learner
//
// Of a pupil, a key is left out where the record holds nothing: learner is the id in the
// folder; enrolment_status_assumed says that the record has none and C was taken; needs
// are those that the census of the term takes, each with rank and type; sen_unit and
// resourced_provision are not asked of special schools and pupil referral units;
// file_with_errors says that the learner's files hold an error.
func (r Return) WriteJSON(w io.Writer) error {
	head := jsonHead{
		Format: "sendctl-census/1", About: strings.Join(r.about(), " "), Fragment: true, Collection: "SC", Term: r.Term, Year: r.Day.Year(), Day: r.Day.String(),
		Setting: jsonSetting{Name: string(r.Setting.Name), LA: r.Setting.LA, Estab: r.Setting.Estab, URN: r.Setting.URN},
		Errors:  r.Errors, Faulty: r.Faulty,
	}
	if !r.Recorded.IsZero() {
		head.Recorded = r.Recorded.UTC().Format("2006-01-02T15:04:05Z")
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(head); err != nil {
		return err
	}
	b.Truncate(b.Len() - len("\n}\n"))
	b.WriteString(",\n  \"pupils\": [")
	enc.SetIndent("    ", "  ")
	for i, p := range r.Pupils {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n    ")
		if err := enc.Encode(r.jsonPupil(p)); err != nil {
			return err
		}
		b.Truncate(b.Len() - 1)
		if b.Len() > 1<<15 {
			if _, err := b.WriteTo(w); err != nil {
				return err
			}
		}
	}
	if len(r.Pupils) > 0 {
		b.WriteString("\n  ")
	}
	b.WriteString("]\n}\n")
	_, err := b.WriteTo(w)
	return err
}

func (r Return) jsonPupil(p Pupil) jsonPupil {
	out := jsonPupil{
		Learner: p.Learner, UPN: p.UPN, FormerUPN: p.FormerUPN, ULN: p.ULN, Surname: p.Surname, Forename: p.Forename, Preferred: p.Preferred,
		Born: dayOf(p.Born), Sex: p.Sex, Ethnicity: p.Ethnicity, Entry: dayOf(p.Entry), Status: p.Status, Assumed: p.Assumed, Year: p.Year,
		Provision: p.Provision, Since: dayOf(p.Since), TopUp: p.TopUp, Unread: p.Unread,
	}
	for _, n := range p.Taken(r.Term) {
		out.Needs = append(out.Needs, jsonNeed{n.Rank, n.Type})
	}
	if unit, resourced, asked := r.Indicators(p); asked {
		out.Unit, out.Resourced = &unit, &resourced
	}
	return out
}

// yesNo is a logical as a table has it.
func yesNo(b bool) string { return strconv.FormatBool(b) }
