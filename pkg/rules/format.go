package rules

import "github.com/sendctl/sendctl/pkg/diag"

// formatRules are the rules that are held while files are read, which have no check of
// their own, and those about characters that no file is refused for.
func formatRules() []Rule {
	f := func(id, name, about string) Rule {
		return Rule{ID: id, Name: name, About: about, Severity: diag.Error, Source: "records: a plain subset of YAML that every program reads alike"}
	}
	shape := func(id, name, about string) Rule {
		r := f(id, name, about)
		r.Source = "records: the shape of each kind of file (sendctl schema)"
		return r
	}
	return []Rule{
		f("SEN101", "yaml-syntax", "Every line is a key with its value, or an item of a list."),
		f("SEN102", "yaml-tab", "Lines are indented with spaces, never with tabs."),
		f("SEN103", "yaml-lost-words", "No word is lost or read as something else because of a #, a comma or a colon."),
		f("SEN104", "yaml-bare-code", "Codes and words that some programs take for something else are in quotes."),
		f("SEN105", "yaml-duplicate-key", "A key appears only once in its group."),
		f("SEN106", "yaml-no-such-date", "A date is a day that exists."),
		f("SEN107", "yaml-timestamp", "A date is a day, without a time."),
		f("SEN108", "yaml-long-number", "A number has at most 15 digits; a longer one is a code, in quotes."),
		f("SEN109", "yaml-anchor", "Every value is written where it belongs, never as a pointer to another (& and *)."),
		f("SEN110", "yaml-tag", "No value has a YAML tag (!)."),
		f("SEN111", "yaml-merge", "No group of keys is merged into another (<<)."),
		f("SEN112", "yaml-key", "A key is one plain word, followed by a colon."),
		f("SEN113", "yaml-comment", "A comment has a space before its #."),
		f("SEN114", "yaml-plain", "A file is plain YAML that can be read line by line."),
		f("SEN115", "yaml-document", "One file holds one document."),
		f("SEN116", "yaml-directive", "No line begins with a % that tells programs how to read the file."),
		f("SEN117", "yaml-empty", "A record file is not empty."),
		f("SEN118", "yaml-root", "A file holds keys with values, not only text."),
		f("SEN119", "yaml-depth", "No more than 32 lists and groups are inside each other."),
		f("SEN120", "yaml-size", "A file is not larger than a record can be."),
		f("SEN121", "yaml-encoding", "A file is text in UTF-8."),
		f("SEN122", "yaml-bom", "A file does not begin with a byte order mark."),
		f("SEN123", "yaml-control", "A file has no control characters, and none that mean nothing in text."),
		f("SEN124", "yaml-bidi", "Text has no character that reverses its direction."),
		f("SEN125", "yaml-line-end", "Every program sees the same line ends."),
		f("SEN126", "yaml-final-newline", "The last line has a line end, like the others."),
		hiddenCharacter, garbledText,
		shape("SEN131", "format", "The first line says what kind of file it is, and that kind belongs in this place."),
		shape("SEN132", "missing", "A file has every key that its kind needs."),
		shape("SEN133", "shape", "Each value is of the right kind: a date, a number, one of a list of words."),
		shape("SEN134", "unknown-key", "Every key is one that this kind of file has."),
		{ID: "SEN135", Name: "file", About: "Every file of the record is there, can be read and is in the right place.", Severity: diag.Error, Also: []diag.Severity{diag.Warning}, Source: "records: one folder for each learner, one file for each form"},
	}
}

// trailRules are held where a file is read beside others, and by what one state of a
// folder cannot show. They have no check of their own either.
func trailRules() []Rule {
	trail := func(id, name, about, source string, also ...diag.Severity) Rule {
		return Rule{ID: id, Name: name, About: about, Severity: diag.Error, Also: also, Source: source}
	}
	return []Rule{
		trail("SEN209", "correction", "A correction names a sealed file and one value in it: what it was, and what it should be.", "records: a sealed file never changes; the audit trail", diag.Warning),
		trail("SEN210", "keys", "The signing keys in people.yaml match the sealed records in keys/.", "the audit trail: who may sign, since when and until when", diag.Warning),
		trail("SEN211", "pathway", "Every stage, check, result and threshold that the pathway names exists.", "records: the approach is data, in pathway.yaml"),
		trail("SEN212", "taken-away", "No commit removes a file, a seal or an entry of the contact log from the record.", "the audit trail: what was recorded never changes"),
	}
}
