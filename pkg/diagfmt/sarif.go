package diagfmt

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/sendctl/sendctl/pkg/diag"
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sarifRoot   = "%SRCROOT%" // what GitHub and editors take for the repository's top folder
	projectURI  = "https://github.com/sendctl/sendctl"
)

type (
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifRule struct {
		ID         string            `json:"id"`
		Name       string            `json:"name,omitempty"`
		Short      *sarifText        `json:"shortDescription"`
		Full       *sarifText        `json:"fullDescription"`
		Help       *sarifText        `json:"help"`
		Default    *sarifLevel       `json:"defaultConfiguration,omitempty"`
		Properties map[string]string `json:"properties,omitempty"`
	}
	sarifLevel struct {
		Level string `json:"level"`
	}
	sarifRegion struct {
		StartLine   int        `json:"startLine"`
		StartColumn int        `json:"startColumn,omitempty"`
		EndLine     int        `json:"endLine,omitempty"`
		EndColumn   int        `json:"endColumn,omitempty"`
		Snippet     *sarifText `json:"snippet,omitempty"`
	}
	sarifArtifact struct {
		URI    string `json:"uri"`
		BaseID string `json:"uriBaseId"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
	sarifLocation struct {
		ID       int            `json:"id,omitempty"`
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
		Message  *sarifText     `json:"message,omitempty"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Related      []sarifLocation    `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
		Properties   map[string]string  `json:"properties"`
	}
	sarifSuppression struct {
		Kind          string         `json:"kind"`
		Status        string         `json:"status"`
		Justification string         `json:"justification"`
		Location      *sarifLocation `json:"location,omitempty"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		URI     string      `json:"informationUri"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifDescribed struct {
		Description sarifText `json:"description"`
	}
	sarifRun struct {
		Tool struct {
			Driver sarifDriver `json:"driver"`
		} `json:"tool"`
		Automation struct {
			ID string `json:"id"`
		} `json:"automationDetails"`
		ColumnKind string                    `json:"columnKind"`
		Bases      map[string]sarifDescribed `json:"originalUriBaseIds"`
		Results    []sarifResult             `json:"results"`
	}
)

// SARIF writes findings as SARIF 2.1.0, which GitHub, GitLab, Azure and editors read.
// The rule's id is its ruleId and its name is its name; what opt.Rules says of all rules
// goes along. Columns count characters, which SARIF calls Unicode code points. A finding
// about a whole file has no region. With opt.ShowValues the text at the place is the
// region's snippet, or where there is no region the property value.
func SARIF(w io.Writer, fs []diag.Finding, opt Options) error {
	var run sarifRun
	run.ColumnKind = "unicodeCodePoints"
	run.Automation.ID = strings.TrimSuffix("sendctl/"+strings.Trim(opt.Within, "/"), "/") + "/"
	run.Bases = map[string]sarifDescribed{sarifRoot: {sarifText{Text: "The top folder of the repository that the record folder lies in."}}}
	run.Tool.Driver = sarifDriver{Name: "sendctl", Version: sarifVersion(opt.Version), URI: projectURI, Rules: []sarifRule{}}
	run.Results = []sarifResult{}

	index := map[string]int{}
	for _, r := range opt.Rules {
		index[r.Name] = len(run.Tool.Driver.Rules)
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(r))
	}
	all := slices.Clone(fs)
	for _, x := range opt.Suppressed {
		all = append(all, x.Finding)
	}
	var unknown []string
	for _, f := range all {
		if _, ok := index[f.Rule]; !ok && !slices.Contains(unknown, f.Rule) {
			unknown = append(unknown, f.Rule)
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		index[name] = len(run.Tool.Driver.Rules)
		id := visible(name)
		if id == "" {
			id = "sendctl" // a result without a rule's id is refused by readers
		}
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(Rule{Name: id, About: "What sendctl calls " + id}))
	}
	names := Fingerprints(all, opt)
	for i, f := range all {
		at := index[f.Rule]
		result := sarifResultOf(f, opt, run.Tool.Driver.Rules[at].ID, at, names[i])
		if i >= len(fs) {
			result.Suppressions = []sarifSuppression{sarifSuppressed(opt.Suppressed[i-len(fs)], opt)}
		}
		run.Results = append(run.Results, result)
	}
	log := struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}{sarifSchema, "2.1.0", []sarifRun{run}}

	if err := writeJSON(w, log); err != nil {
		return fmt.Errorf("write findings as SARIF: %w", err)
	}
	return nil
}

// sarifRuleOf has all that GitHub takes no rule without.
func sarifRuleOf(r Rule) sarifRule {
	about := sentence(r.About)
	out := sarifRule{ID: r.ID, Name: r.Name, Short: &sarifText{Text: about}, Full: &sarifText{Text: about}, Help: &sarifText{Text: about}}
	if r.ID == "" {
		out.ID, out.Name = r.Name, ""
	}
	if r.Help != "" {
		out.Help = &sarifText{Text: r.Help, Markdown: r.Help}
	}
	if r.Severity != 0 {
		out.Default = &sarifLevel{sarifLevelOf(r.Severity)}
	}
	if r.Source != "" {
		out.Properties = map[string]string{"source": r.Source}
	}
	return out
}

func sarifResultOf(f diag.Finding, opt Options, id string, index int, fingerprint string) sarifResult {
	where := sarifLocation{Physical: sarifPlace(f.File, f.Span, opt)}
	properties := map[string]string{"severity": f.Severity.String()}
	if f.Path != "" {
		where.Logical = []sarifLogical{{visible(f.Path), "value"}}
	}
	if f.Hint != "" {
		properties["hint"] = visible(f.Hint)
	}
	if opt.ShowValues && f.Value != "" {
		if region := where.Physical.Region; region != nil {
			region.Snippet = &sarifText{Text: f.Value}
		} else {
			properties["value"] = f.Value
		}
	}
	text := sentence(visible(f.Message))
	if f.Path != "" {
		text = visible(f.Path) + ": " + text
	}
	if f.Hint != "" { // most readers show the message and nothing else; it may end in a command to copy
		text += " Hint: " + visible(f.Hint)
	}
	out := sarifResult{
		RuleID: id, RuleIndex: index, Level: sarifLevelOf(f.Severity), Message: sarifText{Text: sarifPlain(text)},
		Locations: []sarifLocation{where}, Properties: properties,
		Fingerprints: map[string]string{"sendctlFinding/v1": fingerprint},
	}
	for i, r := range f.Related {
		at := sarifLocation{ID: i + 1, Physical: sarifPlace(r.File, r.Span, opt), Message: &sarifText{Text: sarifPlain(sentence(visible(r.Message)))}}
		if r.Path != "" {
			at.Logical = []sarifLogical{{visible(r.Path), "value"}}
		}
		out.Related = append(out.Related, at)
	}
	return out
}

// sarifSuppressed says why a result does not count, in somebody's words only with
// opt.ShowValues.
func sarifSuppressed(x diag.Suppressed, opt Options) sarifSuppression {
	if x.How != diag.Waived {
		return sarifSuppression{Kind: "external", Status: "accepted", Justification: "It was there when the folder began to be checked: it is in the baseline."}
	}
	out := sarifSuppression{Kind: "inSource", Status: "accepted", Justification: "Waived by " + visible(x.By) + " until " + visible(x.Until) + "."}
	if opt.ShowValues && x.Because != "" {
		out.Justification += " " + visible(x.Because)
	}
	if x.At != nil {
		out.Location = &sarifLocation{Physical: sarifPlace(x.At.File, x.At.Span, opt)}
	}
	return out
}

// sarifVersion is a version that can be compared, as SARIF asks: what was built from no
// release has no number of its own.
func sarifVersion(version string) string {
	number := strings.TrimPrefix(version, "v")
	if first, _, _ := strings.Cut(number, "."); first != number && first != "" && strings.Trim(first, "0123456789") == "" {
		return number
	}
	return strings.TrimSuffix("0.0.0+"+version, "+")
}

func sarifLevelOf(s diag.Severity) string {
	switch s {
	case diag.Warning:
		return "warning"
	case diag.Advice, diag.Info:
		return "note"
	}
	return "error"
}

// sarifPlace is a place. GitHub takes no result without one, so that a finding about
// nothing in particular is at the record folder itself.
func sarifPlace(file string, s diag.Span, opt Options) sarifPhysical {
	out := sarifPhysical{Artifact: sarifArtifact{BaseID: sarifRoot, URI: "./"}}
	if name := opt.inRepository(file); name != "" {
		out.Artifact.URI = uriOf(name)
	}
	if s.Start.Line < 1 || file == "" {
		return out
	}
	out.Region = &sarifRegion{StartLine: s.Start.Line, StartColumn: max(s.Start.Col, 0)}
	if after(s.End, s.Start) {
		out.Region.EndLine, out.Region.EndColumn = s.End.Line, max(s.End.Col, 0)
	}
	return out
}

// uriOf is a slash path as a relative reference: whatever is no plain letter, digit or
// mark is a percent sign and its bytes, colons too, for "a:b" would be of the scheme a.
func uriOf(name string) string {
	var b strings.Builder
	for i := range len(name) {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~/", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// after reports whether a comes after b; a place that ends where it begins has no end.
func after(a, b diag.Pos) bool {
	return a.Line > b.Line || a.Line == b.Line && a.Col > b.Col
}

// sentence ends a text with a full stop where nothing ends it, as SARIF asks of what is
// shown to people, and begins it with what it begins with: often a key or a command.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?") {
		return text
	}
	return text + "."
}

// sarifPlain keeps what looks like SARIF's own marks from being taken for them: [words](1)
// is a link there, and {0} stands for something else.
func sarifPlain(text string) string {
	if strings.Contains(text, "](") {
		text = sarifLink().ReplaceAllString(text, `\[$1\]($2)`)
	}
	if strings.Contains(text, "{") {
		text = sarifArgument().ReplaceAllString(text, `{{$1}}`)
	}
	return text
}

var (
	sarifLink     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\[([^\]]*)\]\(([^)]*)\)`) })
	sarifArgument = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{([0-9]+)\}`) })
)
