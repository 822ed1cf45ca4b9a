package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/yamldoc"
	"github.com/sendctl/sendctl/schemas"
)

type explainOptions struct{ notChecked, limits bool }

func newExplainCmd(e *Env) *cobra.Command {
	var o explainOptions
	c := &cobra.Command{
		Use: "explain [RULE|GROUP|WORDS...]", Short: "why validate finds something, and how to put it right",
		Long: `Prints the page of a rule: what it asks for, what it is based on, why it
matters, how to put it right, and an example of each. RULE is the name that a
finding shows, or its id, in capitals or not. GROUP lists the rules of a group,
by its name or its number such as SEN1xx. WORDS lists the ten pages that fit
them best. Without any of these, it lists the groups.

--not-checked lists what law, the Code of Practice and local guidance ask for
that no rule checks, and why not. --limits lists the numbers that rules use,
with those of the record folder you are in.`,
		Example: `  sendctl explain review-overdue
  sendctl explain SEN301
  sendctl explain census
  sendctl explain parents meeting
  sendctl explain --not-checked`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			var names []cobra.Completion
			for _, g := range rules.Groups() {
				names = append(names, cobra.CompletionWithDesc(g.Name, g.Title))
			}
			for _, r := range rules.All() {
				names = append(names, cobra.CompletionWithDesc(r.Name, r.About))
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error { return e.explainPage(c.Context(), args, o) },
	}
	c.Flags().BoolVar(&o.notChecked, "not-checked", false, "what is asked of a setting that no rule checks, and why not")
	c.Flags().BoolVar(&o.limits, "limits", false, "the numbers that rules use, and who set them")
	return c
}

// explainWidth is the widest line of a page, whatever the terminal: it may be sent on.
const explainWidth = 79

func (e *Env) explainPage(ctx context.Context, args []string, o explainOptions) error {
	if e.Width <= 0 || e.Width > explainWidth {
		e.Width = explainWidth
	}
	switch {
	case o.notChecked && o.limits, (o.notChecked || o.limits) && len(args) > 0:
		return usage("--not-checked and --limits each stand alone, without words")
	case o.notChecked:
		return e.explainNotChecked()
	case o.limits:
		return e.explainLimits(ctx)
	case len(args) == 0:
		return e.explainGroups()
	}
	typed := strings.Join(args, " ")
	for _, r := range rules.All() {
		if strings.EqualFold(typed, r.Name) || strings.EqualFold(typed, r.ID) {
			return e.explainRule(r)
		}
	}
	for _, g := range rules.Groups() {
		if strings.EqualFold(typed, g.Name) || strings.EqualFold(typed, fmt.Sprintf("SEN%d", g.Hundred)) || strings.EqualFold(typed, span(g)) {
			if err := e.explainRules(g.Title, rulesOf(g), len(rules.All())); err != nil || g.Name != "census" {
				return err
			}
			return e.listDfE()
		}
	}
	if done, err := e.explainDfE(typed); done {
		return err
	}
	asked, err := rules.AllAsked()
	if err != nil {
		return err
	}
	for _, a := range asked {
		if strings.EqualFold(typed, a.ID) {
			return e.explainAsked(a)
		}
	}
	if found := speakingOf(args); len(found) > 0 {
		return e.explainRules(fmt.Sprintf("Rules whose pages speak of %q", typed), found, shownAtMost)
	}
	return unknownRule(typed)
}

// The JSON of a rule; the page's parts are there only where one rule is asked for.
type ruleJSON struct {
	Name     string `json:"name"`
	ID       string `json:"id"`
	Severity string `json:"severity"`
	// Also is what some of its findings are, which are less grave.
	Also   []diag.Severity `json:"also,omitempty"`
	Group  string          `json:"group"`
	About  string          `json:"about"`
	Source string          `json:"source"`
	Guards bool            `json:"guards"` // an act that would bring it about is refused
	Why    string          `json:"why,omitempty"`
	Right  string          `json:"put_right,omitempty"`
	Bad    *sampleJSON     `json:"bad,omitempty"`
	Good   *sampleJSON     `json:"good,omitempty"`
}

type sampleJSON struct {
	Words  string      `json:"words,omitempty"`
	Blocks []blockJSON `json:"blocks"`
}

type blockJSON struct {
	File string `json:"file"`
	Path string `json:"path,omitempty"`
	Day  string `json:"day,omitempty"`
	Gone bool   `json:"gone,omitempty"`
	Text string `json:"text,omitempty"`
}

func ruleAsJSON(r rules.Rule) ruleJSON {
	return ruleJSON{Name: r.Name, ID: r.ID, Severity: r.Severity.String(), Also: r.Also, Group: r.Group().Name, About: r.About, Source: r.Source, Guards: r.Guards}
}

func sampleAsJSON(s rules.Sample) *sampleJSON {
	out := sampleJSON{Words: s.Words}
	for _, b := range s.Blocks {
		x := blockJSON{File: b.File, Path: b.Path, Gone: b.Gone, Text: b.Text}
		if !b.Day.IsZero() {
			x.Day = b.Day.String()
		}
		out.Blocks = append(out.Blocks, x)
	}
	return &out
}

func (e *Env) explainGroups() error {
	type groupJSON struct {
		Name  string   `json:"name"`
		Span  string   `json:"span"`
		Title string   `json:"title"`
		Rules []string `json:"rules"`
	}
	var groups []groupJSON
	table := fmt.Sprintf("%d rules in %d groups. The rules of one: sendctl explain GROUP\n\n", len(rules.All()), len(rules.Groups()))
	for _, g := range rules.Groups() {
		var names []string
		for _, r := range rulesOf(g) {
			names = append(names, r.Name)
		}
		groups = append(groups, groupJSON{g.Name, span(g), g.Title, names})
		table += fmt.Sprintf("%-12s %-8s %3d  %s\n", g.Name, span(g), len(names), g.Title)
	}
	var l lines
	l.gap()
	l.add(0, "A group by its number too, such as SEN1xx: format and references are also the names of rules, and lead to those.")
	l.add(0, "What is wrong with a file itself (its YAML, its first line, an id that leads nowhere) is a rule too: sendctl explain SEN1xx and SEN2xx.")
	l.add(0, "One rule, by name or id: sendctl explain RULE")
	l.add(0, "Those that speak of something: sendctl explain WORDS")
	l.add(0, "What no rule looks at, and why: sendctl explain --not-checked")
	l.add(0, "The numbers that rules use: sendctl explain --limits")
	if e.flags.json {
		return e.printJSON(struct {
			Format string      `json:"format"`
			Groups []groupJSON `json:"groups"`
		}{"sendctl-rule-groups/1", groups})
	}
	if _, err := io.WriteString(e.Out, table); err != nil {
		return err
	}
	return e.page(e.Out, l)
}

// span is how the ids of a group begin: SEN3xx.
func span(g rules.Group) string { return fmt.Sprintf("SEN%dxx", g.Hundred) }

// shownAtMost is how many of the rules that words lead to are worth reading.
const shownAtMost = 10

// explainRules lists rules, the best of them at most; as JSON, all.
func (e *Env) explainRules(title string, found []rules.Rule, most int) error {
	out := []ruleJSON{}
	var l lines
	l.add(0, "%s: %s.", title, plural(len(found), "rule", "rules"))
	if len(found) > most {
		l.add(0, "These %d fit best; more words find fewer, and --json lists all.", most)
	}
	for i, r := range found {
		out = append(out, ruleAsJSON(r))
		if i >= most {
			continue
		}
		l.gap()
		l.head(fmt.Sprintf("%s (%s, %s)", r.Name, r.ID, r.Severity))
		l.add(2, "%s", r.About)
	}
	if len(found) > 0 {
		l.gap()
		l.add(0, "Why, and how to put it right: sendctl explain %s", found[0].Name)
	}
	if e.flags.json {
		return e.printJSON(struct {
			Format string     `json:"format"`
			Rules  []ruleJSON `json:"rules"`
		}{"sendctl-rules/1", out})
	}
	return e.page(e.Out, l)
}

func (e *Env) explainRule(r rules.Rule) error {
	p, err := r.Page()
	if err != nil {
		return fmt.Errorf("read the page of %s: %w", r.Name, err)
	}
	if e.flags.json {
		out := ruleAsJSON(r)
		out.Why, out.Right, out.Bad, out.Good = p.Why, p.Right, sampleAsJSON(p.Bad), sampleAsJSON(p.Good)
		return e.printJSON(struct {
			Format string   `json:"format"`
			Rule   ruleJSON `json:"rule"`
		}{"sendctl-rule/1", out})
	}
	var l lines
	l.head(fmt.Sprintf("%s (%s, %s)", r.Name, r.ID, r.Severity))
	l.add(0, "%s", r.About)
	if g := r.Group(); g.Name == r.Name {
		l.add(0, "A group of %s has this name too: sendctl explain %s", plural(len(rulesOf(g)), "rule", "rules"), span(g))
	}
	l.gap()
	l.add(0, "Based on: %s.", strings.TrimSuffix(r.Source, "."))
	l.add(0, "%s", graveness(r))
	if len(r.Also) > 0 {
		l.add(0, "Some of its findings are only %s: what follows says which.", lesser(r.Also))
	}
	l.part("Why it matters")
	l.markdown(p.Why)
	l.part("Put it right")
	l.markdown(p.Right)
	l.part("An example of what is found")
	l.sample(e, p.Bad, nil)
	l.part("And of what is in order")
	l.sample(e, p.Good, p.Bad.Blocks)
	l.gap()
	l.add(0, "The others of its group: sendctl explain %s", span(r.Group()))
	return e.page(e.Out, l)
}

// graveness says what a finding of the rule means for what one does next.
func graveness(r rules.Rule) string {
	switch {
	case r.Guards:
		return "An error: this is wrong beyond doubt. validate ends with exit code 1, and sendctl records nothing that would bring it about."
	case r.Severity == diag.Error:
		return "An error: this is wrong beyond doubt. validate ends with exit code 1."
	case r.Severity == diag.Warning:
		return "A warning: something is owed or late. Nothing is refused because of it."
	}
	return "Advice: worth a look. Nothing is refused because of it."
}

// lesser names what a finding of a rule may be besides: a warning or advice.
func lesser(also []diag.Severity) string {
	var words []string
	for _, s := range also {
		if s == diag.Advice {
			words = append(words, "advice")
		} else {
			words = append(words, "a "+s.String())
		}
	}
	return strings.Join(words, " or ")
}

func (e *Env) explainAsked(a rules.Asked) error {
	if e.flags.json {
		return e.printJSON(struct {
			Format string        `json:"format"`
			Asked  []rules.Asked `json:"asked"`
		}{"sendctl-asked/1", []rules.Asked{a}})
	}
	var l lines
	l.asked(a)
	return e.page(e.Out, l)
}

func (e *Env) explainNotChecked() error {
	asked, err := rules.AllAsked()
	if err != nil {
		return err
	}
	out := slices.DeleteFunc(slices.Clone(asked), func(a rules.Asked) bool { return a.NotChecked == "" })
	if e.flags.json {
		return e.printJSON(struct {
			Format string        `json:"format"`
			Asked  []rules.Asked `json:"asked"`
		}{"sendctl-asked/1", out})
	}
	var l lines
	l.add(0, "What law, the Code of Practice and local guidance ask of a setting that no rule checks, or not in full: %d of %d things. A record cannot show everything; people have to look after these.", len(out), len(asked))
	for _, a := range out {
		l.gap()
		l.asked(a)
	}
	return e.page(e.Out, l)
}

// limitJSON is one number that rules go by. The json tags are the stable shape.
type limitJSON struct {
	ID     string `json:"id"`
	Value  string `json:"value"`
	Words  string `json:"words"`
	Source string `json:"source,omitempty"`
	Whose  string `json:"whose"` // setting, pathway or program
	Where  string `json:"where"` // where another is written
}

func (e *Env) explainLimits(ctx context.Context) error {
	f, err := e.look(ctx)
	here := err == nil && f.Pathway.Doc != nil
	switch {
	case err == nil && f.Pathway.Doc == nil:
		e.say("pathway.yaml cannot be read, so these are the numbers that come with sendctl: sendctl validate says where it goes wrong.")
		f = nil
	case errors.Is(err, folder.ErrNotFolder):
	case err != nil:
		return err
	}
	if !here {
		own, err := shippedPathway()
		if err != nil {
			return err
		}
		f = &folder.Folder{}
		f.Pathway.Value = *own
	}
	all := limitsOf(f, here)
	if e.flags.json {
		return e.printJSON(struct {
			Format string      `json:"format"`
			Limits []limitJSON `json:"limits"`
		}{"sendctl-limits/1", all})
	}
	var l lines
	if here {
		l.add(0, "The numbers that rules use in this record folder.")
	} else {
		l.add(0, "The numbers that rules use, as they come with sendctl: this is not a record folder.")
	}
	l.add(0, "To set your own, write it in sendctl.yaml under limits, with its id and value, unless another place is named here.")
	for _, x := range all {
		l.gap()
		l.head(x.ID + ": " + x.Value)
		l.add(2, "%s", x.Words)
		if x.Source != "" {
			l.add(2, "Based on: %s.", strings.TrimSuffix(x.Source, "."))
		}
		whose := map[string]string{"setting": "This setting's own number", "pathway": "The pathway's number", "program": "Comes with sendctl"}[x.Whose]
		if !strings.HasSuffix(x.Where, ", limits") {
			whose += "; it is in " + x.Where
		}
		l.add(2, "%s.", whose)
	}
	return e.page(e.Out, l)
}

func limitsOf(f *folder.Folder, here bool) []limitJSON {
	var out []limitJSON
	for _, x := range recordfile.ShippedLimits() {
		v := limitJSON{ID: x.ID, Value: string(x.Value), Words: string(x.Words), Source: string(x.Source), Whose: "program", Where: "sendctl.yaml, limits"}
		for whose, own := range map[string][]learner.Limit{"setting": f.Setting.Value.Limits, "pathway": f.Pathway.Value.Limits} {
			for _, o := range own {
				if _, ok := o.Value.Int(); o.ID == x.ID && ok && v.Whose != "setting" { // the setting's comes before the pathway's
					v.Value, v.Whose = string(o.Value), whose
				}
			}
		}
		out = append(out, v)
	}
	for _, name := range gate.Thresholds() {
		n, ok := gate.Least(f, name)
		if !ok {
			continue
		}
		key := strings.ReplaceAll(name, "-", "_")
		v := limitJSON{ID: name, Value: string(n), Words: aboutKey(recordfile.Pathway, "thresholds", key), Whose: "pathway", Where: "pathway.yaml, thresholds." + key}
		if words := aboutKey(recordfile.Setting, "policies", key); words != "" {
			v.Words, v.Where = words, "sendctl.yaml, policies."+key
			if here && f.Setting.Doc != nil && f.Setting.Doc.Find(yamldoc.Path{yamldoc.KeyStep("policies"), yamldoc.KeyStep(key)}) != nil {
				v.Whose = "setting"
			}
		}
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b limitJSON) int { return strings.Compare(a.ID, b.ID) })
	return out
}

func aboutKey(k recordfile.Kind, keys ...string) string {
	var p yamldoc.Path
	for _, key := range keys {
		p = append(p, yamldoc.KeyStep(key))
	}
	return recordfile.About(k, p)
}

func shippedPathway() (*pathway.Pathway, error) {
	src, ok := schemas.Pathway(ownPathway)
	if !ok {
		return nil, fmt.Errorf("read the pathway %s: it is not in this sendctl", ownPathway)
	}
	own, _, err := recordfile.Read[pathway.Pathway]("pathway.yaml", recordfile.Pathway, src)
	return &own.Value, err
}
