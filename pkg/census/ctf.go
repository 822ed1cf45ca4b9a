package census

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/folder"
)

// CTFOf is a learner for a Common Transfer File: who they are, every dated code for SEN
// provision, and all needs with their ranks and dates, those that have ended too. missing
// says what the next school will look for and the record does not hold, without a value.
// Year group and enrolment status are left out: they are the day's, and the school's own
// system has them. recorded is when the newest commit of the record was made, zero where some of it is not
// recorded; version is one of exchange.CTFVersions.
func CTFOf(f *folder.Folder, r *folder.Record, version string, to exchange.School, recorded time.Time) (c exchange.CTF, missing []string) {
	lacks := func(no bool, format string, args ...any) {
		if no {
			missing = append(missing, fmt.Sprintf(format, args...))
		}
	}
	setting := f.Setting.Value
	who, is := r.Identity.Value, r.Learner.Value
	c = exchange.CTF{
		Version: version, Recorded: recorded, Supplier: "sendctl", Dest: to,
		Source: exchange.School{LA: setting.LA, Estab: setting.Estab, Name: string(setting.Name)},
	}
	lacks(setting.LA == "" || setting.Estab == "", "this setting's authority or establishment number (la and estab in sendctl.yaml)")
	p := exchange.Pupil{
		Row: 1, UPN: who.UPN, FormerUPN: who.FormerUPN, ULN: who.ULN, Surname: string(who.LegalName.Family), Forename: string(who.LegalName.Given),
		Born: who.Born, Sex: who.Sex, Ethnicity: who.Ethnicity,
	}
	if string(who.Name) != p.Forename {
		p.Preferred = string(who.Name)
	}
	lacks(p.UPN == "", "the UPN")
	lacks(p.Surname == "" || p.Forename == "", "the legal name")
	lacks(p.Born.IsZero(), "the date of birth")
	lacks(p.Sex == "", "the sex")
	for i, s := range is.SENProvision {
		p.Steps = append(p.Steps, exchange.Step{From: s.From, Code: s.Code})
		lacks(s.From.IsZero(), "the date of the code for SEN provision number %d", i+1)
	}
	slices.SortStableFunc(p.Steps, func(a, b exchange.Step) int { return a.From.Compare(b.From) })
	lacks(len(p.Steps) == 0, "any code for SEN provision")
	lacks(len(is.Needs) == 0 && (p.Provision() == "K" || p.Provision() == "E"), "any type of need")
	for i, n := range is.Needs {
		rank, err := strconv.Atoi(string(n.Rank))
		if err != nil || rank < 1 || rank > 99 {
			rank = 0
		}
		p.Needs = append(p.Needs, exchange.Need{Rank: rank, Type: n.Type, From: n.From, Until: n.Until})
		lacks(rank == 0, "the rank of need number %d", i+1)
		lacks(n.From.IsZero(), "the first day of need number %d", i+1)
	}
	c.Pupils = []exchange.Pupil{p}
	return c, missing
}
