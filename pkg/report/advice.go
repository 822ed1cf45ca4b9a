package report

import (
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
)

// Advice is one professional's advice as people read it.
type Advice struct {
	ID              string        `json:"id"`
	Path            string        `json:"path"`
	By              string        `json:"by"`
	ByName          string        `json:"by_name"`
	Role            string        `json:"role,omitempty"`
	RoleWords       string        `json:"role_words,omitempty"`
	Organisation    string        `json:"organisation,omitempty"`
	Qualification   string        `json:"qualification,omitempty"`
	Asked           date.Date     `json:"asked"`
	Seen            date.Date     `json:"seen"`
	Date            date.Date     `json:"date"`
	Consent         string        `json:"consent,omitempty"` // the id of who agreed; "" where nobody is named
	ConsentName     string        `json:"consent_name,omitempty"`
	Findings        []string      `json:"findings,omitempty"`
	Scores          []AdviceScore `json:"scores,omitempty"`
	Recommendations []Recommended `json:"recommendations"`
	Open            int           `json:"open"` // recommendations of which nothing has come yet
	Shared          date.Date     `json:"shared"`
	ReviewOn        date.Date     `json:"review_on"`
	Restricted      bool          `json:"restricted,omitempty"`
}

// AdviceScore is one figure of an assessment.
type AdviceScore struct {
	What  string `json:"what"`
	Value string `json:"value"`
}

// Recommended is one recommendation and what came of it.
type Recommended struct {
	ID          string    `json:"id"`
	Words       string    `json:"words"`
	Action      string    `json:"action,omitempty"`
	Done        date.Date `json:"done"`
	NotFollowed string    `json:"not_followed,omitempty"`
	Open        bool      `json:"open"`
}

// Advised is all the advice on one learner, for `advice show`.
type Advised struct {
	Format  string   `json:"format"` // sendctl-advice/1
	Learner string   `json:"learner"`
	Name    string   `json:"name"`
	Advice  []Advice `json:"advice"`
	Open    int      `json:"open"`
}

// AdvisedOf makes the view of all the advice on a learner, oldest first.
func AdvisedOf(f *folder.Folder, r *folder.Record) Advised {
	v := Advised{Format: "sendctl-advice/1", Learner: r.ID, Name: speaker{f, r}.name(), Advice: []Advice{}}
	for _, a := range r.Advice {
		if a.Doc != nil {
			x := AdviceOf(f, r, a.Path, a.Value)
			v.Advice, v.Open = append(v.Advice, x), v.Open+x.Open
		}
	}
	return v
}

// AdviceOf makes the view of one advice, be it recorded or about to be.
func AdviceOf(f *folder.Folder, r *folder.Record, path string, a learner.Advice) Advice {
	s := speaker{f, r}
	v := Advice{ID: a.ID, Path: path, By: a.By, ByName: s.person(a.By), Qualification: string(a.Qualification),
		Asked: a.Asked, Seen: a.Seen, Date: a.Date, Consent: a.Consent, Findings: texts(a.Findings), Recommendations: []Recommended{},
		Shared: a.Shared, ReviewOn: a.ReviewOn, Restricted: bool(a.Restricted)}
	if p, ok := f.PersonIn(r, a.By); ok {
		v.Role, v.RoleWords, v.Organisation = p.Role, s.words("roles", p.Role), string(p.Organisation)
	}
	if a.Consent != "" {
		v.ConsentName = s.anyone(a.Consent)
	}
	for _, x := range a.Scores {
		v.Scores = append(v.Scores, AdviceScore{What: string(x.What), Value: string(x.Value)})
	}
	for _, x := range a.Recommendations {
		v.Recommendations = append(v.Recommendations, recommended(x))
		if x.Open() {
			v.Open++
		}
	}
	return v
}

func recommended(x learner.Recommendation) Recommended {
	return Recommended{ID: x.ID, Words: string(x.Words), Action: string(x.Action), Done: x.Done, NotFollowed: string(x.NotFollowed), Open: x.Open()}
}

// Waiting is one recommendation of which nothing has come yet.
type Waiting struct {
	Advice string    `json:"advice"` // the id of the file
	By     string    `json:"by"`
	ByName string    `json:"by_name"`
	Since  date.Date `json:"since"` // the day of the advice
	Recommended
}

// Unacted lists what was recommended and is neither done nor turned down, oldest
// first. One with an Action is decided on and not in place yet.
func Unacted(f *folder.Folder, r *folder.Record) []Waiting {
	var out []Waiting
	for _, a := range r.Advice {
		for _, x := range a.Value.Recommendations {
			if x.Open() {
				out = append(out, Waiting{Advice: a.Value.ID, By: a.Value.By, ByName: speaker{f, r}.person(a.Value.By), Since: a.Value.Date, Recommended: recommended(x)})
			}
		}
	}
	return out
}
