package rules

import "strconv"

// Group is the rules of one hundred: SEN301 is of the group identity.
type Group struct {
	Hundred int
	Name    string // what explain lists it by
	Title   string
}

// Groups are the groups in the order of their hundreds.
func Groups() []Group {
	return []Group{
		{1, "format", "Files that can be read to the last word"},
		{2, "references", "References, names, dates and seals"},
		{3, "identity", "Who the learner is"},
		{4, "census", "What the census asks"},
		{5, "register", "The register, and parents told"},
		{6, "cycle", "Assess, plan, do, review"},
		{7, "voice", "What the learner and the family say"},
		{8, "wording", "Plain and SMART words"},
		{9, "provision", "Provision"},
		{10, "specialists", "Specialists and their advice"},
		{11, "requests", "Requests and their clocks"},
		{12, "transition", "Transition and leaving"},
		{13, "adulthood", "Preparing for adulthood"},
		{14, "adjustments", "Disability and reasonable adjustments"},
		{15, "protection", "Data protection"},
		{16, "setting", "The setting itself"},
	}
}

// Group is the group of a rule, by its id.
func (r Rule) Group() Group {
	n, _ := strconv.Atoi(r.ID[len("SEN"):])
	return Groups()[n/100-1]
}
