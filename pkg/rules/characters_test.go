package rules_test

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestCharactersAmiss(t *testing.T) {
	const hidden, garbled = "hidden-character", "garbled-text"
	for _, c := range []struct{ words, want string }{
		{"Qu\u200bick", hidden},
		{"Qu\u00adick", hidden},
		{"Qu\u2060ick", hidden},
		{"Qu\u200dick", hidden},
		{"\u200cQuick", hidden},
		{"Qu\ufe0fick", hidden},
		{"Qu\u3164ick", hidden},
		{"Well done \U0001f468\u200d\U0001f469\u200d\U0001f467, \u2764\ufe0f, 1\ufe0f\u20e3, \U0001f44d\U0001f3fd", ""},
		{"\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f won", ""},
		{"In Farsi: می\u200cخواهم; in Sinhala: ශ\u200dරී; in Hindi: क्\u200dष.", ""},
		{"“Quick” – and it’s 5\u00a0%: café, Zoë, Łukasz, Đặng, 李.", ""},
		{"Qu\ufffdick", garbled},
		{"didnâ€™t", garbled},
		{"â€œQuickâ€”", garbled},
		{"cafÃ©", garbled},
		{"Â£5", garbled},
		{"ðŸ˜€ today", garbled},
		{"Å‚ukasz", garbled},
		{"“MANHÃ”, IRMÃ, MÃE, «CAFÉ», Âge, château, naïve, Ångström, ÑANDÚ", ""},
	} {
		if got := noted(t, "", c.words); !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%q: found %q, want %q", c.words, got, c.want)
		}
	}
}

// TestPlaceOfACharacter: of several alike, the place is that of the one which is amiss.
func TestPlaceOfACharacter(t *testing.T) {
	file, line := pageFiles()["cycle"], "    words: Quick"
	for _, c := range []struct{ rule, before, amiss string }{
		{"garbled-text", "Åsa met ", "Å‚ukasz"},
		{"hidden-character", "Well done \U0001f468\u200d\U0001f469, ", "\u200dquick"},
	} {
		disk := madeUp(t)
		src := string(disk[file].Data)
		disk[file] = &fstest.MapFile{Data: []byte(strings.Replace(src, line, "    words: "+c.before+c.amiss, 1))}
		found := foundOf(t, disk, c.rule, pageDay)
		if len(found) != 1 {
			t.Errorf("%q: %d findings", c.before+c.amiss, len(found))
			continue
		}
		if want, got := strings.Index(src, line)+len("    words: "+c.before), found[0].Span.Start.Offset; got != want {
			t.Errorf("%q: at %d, want %d", c.before+c.amiss, got, want)
		}
	}
}
