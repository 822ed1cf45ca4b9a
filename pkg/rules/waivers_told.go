package rules

import "github.com/sendctl/sendctl/pkg/diag"

// These are told by whoever applies waivers and baselines (pkg/linter): only there is it
// known what every rule found.

var waiverUnused = Rule{
	Name: "waiver-unused", ID: "SEN1611", Severity: diag.Warning,
	About:  "A waiver covers something that a rule still finds.",
	Source: "good practice: a waiver that is no longer needed is taken out",
}

var waiverRefused = Rule{
	Name: "waiver-refused", ID: "SEN1612", Severity: diag.Warning,
	About:  "Nobody waives what makes a record unreadable, untrue or unlawful.",
	Source: "records: files that can be read, sealed and followed; data protection",
}

var baselineStale = Rule{
	Name: "baseline-stale", ID: "SEN1614", Severity: diag.Error,
	About:  "A baseline lists only what validate still finds.",
	Source: "good practice: what is put right may not come back unseen",
}
