package casework

import (
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/seal"
)

// RevokeForm asks which of a person's keys is revoked, and why.
func RevokeForm(who learner.Person, today date.Date) form.Script {
	var options []form.Option
	for _, k := range who.Keys {
		words := "from " + k.From.Long()
		if !k.Until.IsZero() {
			words += " until " + k.Until.Long()
		}
		options = append(options, form.Option{Value: seal.Fingerprint(k.Public), Words: words})
	}
	only := ""
	if k, _, err := ChooseKey(who, ""); err == nil {
		only = seal.Fingerprint(k.Public)
	}
	return func(form.Answers) []form.Question {
		const heading = "A key that shall not count any more"
		return []form.Question{
			{Path: "key", Flag: "--key", Heading: heading, Kind: form.Choice, Options: options, Default: only, Follows: only != "",
				Ask: "Which key?", Why: "Its fingerprint, as ssh-keygen -l shows it."},
			{Path: "because", Flag: "--because", Heading: heading, Kind: form.Words, Ask: "Why?",
				Why: "Whoever checks a signature later wants to know whether the key was lost, or was in other hands."},
			{Path: "date", Flag: "--date", Heading: heading, Kind: form.Date, Optional: true, Ask: "What is the last day on which it counts? (s: today where it signed something today, else yesterday)",
				Why:   "A seal that it signed and that bears a later day is broken. Where the key was in other hands, give the last day on which it surely was not.",
				Check: past(date.Date{}, today, "")},
		}
	}
}
