package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
)

// remoteUnexplained: whoever lets copies of these records be kept elsewhere says why
// that is safe.
var remoteUnexplained = Rule{
	Name: "remote-unexplained", ID: "SEN1606", Severity: diag.Warning, Whole: true,
	About:  "Each place that holds a copy of the folder comes with the reason why it may.",
	Source: "UK GDPR, articles 28 and 32",
	check: func(l *look) {
		for i, r := range l.folder.Setting.Value.Remotes {
			if r.Because == "" && r.URL != "" {
				l.find(docOf(l.folder.Setting), fmt.Sprintf("remotes[%d]", i), "nothing says who decided that this place may hold these records, or why it is safe", "write it as because: sendctl edit sendctl.yaml")
			}
		}
	},
}
