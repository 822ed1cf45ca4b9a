package rules

import (
	"fmt"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
)

// remoteUnexplained: whoever lets copies of these records be kept elsewhere says why
// that is safe.
var remoteUnexplained = Rule{
	Name: "remote-unexplained", ID: "SEN1606", Severity: diag.Warning, Whole: true,
	About:  "Each place that holds a copy of the folder comes with the reason why it may, and no address holds a password.",
	Source: "UK GDPR, articles 28 and 32",
	check: func(l *look) {
		for i, r := range l.folder.Setting.Value.Remotes {
			if withPassword(r.URL) {
				l.password(i) // and nothing else of it, lest the line be printed
				continue
			}
			if r.Because == "" && r.URL != "" {
				l.find(docOf(l.folder.Setting), fmt.Sprintf("remotes[%d]", i), "nothing says who decided that this place may hold these records, or why it is safe", "write it as because: sendctl edit sendctl.yaml")
			}
		}
	},
}

// withPassword reports whether one stands in an address: https://name:password@…
func withPassword(address string) bool {
	_, rest, ok := strings.Cut(address, "://")
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	at := strings.LastIndexByte(rest, '@')
	if !ok || at < 0 {
		return false
	}
	_, word, _ := strings.Cut(rest[:at], ":")
	return word != ""
}

// password points at the list and not at the address: that line is printed where values are
// shown, and a password nowhere.
func (l *look) password(i int) {
	d := docOf(l.folder.Setting)
	l.out = append(l.out, diag.Finding{Rule: l.rule.Name, Severity: l.rule.Severity, File: d.path, Path: fmt.Sprintf("remotes[%d]", i),
		Message: "this address holds a password, and everybody who has a copy of the folder can read it",
		Hint:    "change the password where it is used; take it out of the address here, and let git keep the new one (git help credentials): sendctl edit sendctl.yaml"})
	for _, p := range d.tree.Root().Pairs {
		if p.Key.Value == "remotes" && p.Key.Span.Start.Line < d.span(fmt.Sprintf("remotes[%d].url", i)).Start.Line {
			l.out[len(l.out)-1].Span = p.Key.Span
		}
	}
}
