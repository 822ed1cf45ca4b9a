package rules

import (
	"sync"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// ethnicities are the census's codes for ethnicity, main and extended.
var ethnicities = sync.OnceValue(func() *pathway.CodeList { return codeList("ethnicity") })

// ethnicityCode is a warning only: which extended codes there are is for each local
// authority to say, and the list may be older than the code.
var ethnicityCode = Rule{
	Name: "ethnicity-code", ID: "SEN317", Severity: diag.Warning,
	About:  "The ethnicity, if given, is one of the census codes.",
	Source: "School census, spring 2025, codes for ethnicity",
	check: func(l *look) {
		code := l.record.Identity.Value.Ethnicity
		if code == "" {
			return
		}
		if _, ok := ethnicities().Code(code); !ok {
			l.find(docOf(l.record.Identity), "ethnicity", "this is not a census code for ethnicity that sendctl knows",
				"copy the code from the school's own system, as the family said it, such as WBRI; or leave the line out if you do not need it")
		}
	},
}
