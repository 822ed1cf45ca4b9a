package seal

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/ids"
)

// example is an unsigned seal with every field filled but Demonstration.
func example() Seal {
	return Seal{
		Learner:  "bk7m2xqt",
		File:     "k4f7",
		Path:     "cycles/2025-09-29-initial-concerns-k4f7.yaml",
		SHA256:   strings.TrimPrefix(Hash([]byte("format: cycle/v1\n")), "sha256:"),
		Act:      "review",
		Date:     date.MustParse("2025-11-21"),
		Recorded: time.Date(2025, 11, 21, 16, 20, 5, 0, time.UTC),
		By:       "grimes",
		Previous: []string{Hash([]byte("one"))},
		Salt:     "6d1f3a0c9be24785a1f0c3d2e4b5968f",
	}
}

const exampleText = `format: seal/v1
learner: bk7m2xqt
file: k4f7
path: cycles/2025-09-29-initial-concerns-k4f7.yaml
sha256: 60dd56f0a171df4d56d4e7fbd7e3ac37d33c5bac6c7c1dfb64e7c9d1b2f4d5ad
act: review
date: 2025-11-21
recorded: 2025-11-21T16:20:05Z
by: grimes
previous: sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed
salt: 6d1f3a0c9be24785a1f0c3d2e4b5968f
`

func TestBytes(t *testing.T) {
	s := example()
	s.SHA256 = "60dd56f0a171df4d56d4e7fbd7e3ac37d33c5bac6c7c1dfb64e7c9d1b2f4d5ad"
	if diff := cmp.Diff(exampleText, string(s.Bytes())); diff != "" {
		t.Error(diff)
	}
	if got, want := s.Name(), "k4f7-review.seal"; got != want {
		t.Errorf("Name() = %q, want %q", got, want)
	}
	s.Demonstration = date.MustParse("2026-06-01")
	s.Previous = nil
	want := strings.Replace(exampleText, exampleText[strings.Index(exampleText, "previous"):strings.Index(exampleText, "salt")], "demonstration: 2026-06-01\n", 1)
	if diff := cmp.Diff(want, string(s.Bytes())); diff != "" {
		t.Error(diff)
	}
}

// anySeal draws seals as sendctl would make them.
func anySeal(t *rapid.T) Seal {
	learner, _ := ids.NewLearner(bytes.NewReader(rapid.SliceOfN(rapid.Byte(), 400, 400).Draw(t, "learner")))
	file, _ := ids.NewFile(bytes.NewReader(rapid.SliceOfN(rapid.Byte(), 400, 400).Draw(t, "file")))
	if !ids.ValidLearner(learner) || !ids.ValidFile(file) {
		t.Skip("the bytes drawn did not last for an id")
	}
	hash := func(label string) string { return Hash(rapid.SliceOf(rapid.Byte()).Draw(t, label)) }
	days := func(label string) date.Date {
		return date.MustParse("2000-01-01").AddDays(rapid.IntRange(0, 40000).Draw(t, label))
	}
	s := Seal{
		Learner: learner,
		File:    file,
		Path:    rapid.SampledFrom([]string{"cycles/x-" + file + ".yaml", "requests/2026-01-15-star-" + file + "-decision.yaml", "passport.yaml"}).Draw(t, "path"),
		SHA256:  strings.TrimPrefix(hash("sha256"), "sha256:"),
		Act:     rapid.StringMatching(`[a-z]([a-z-]{0,10}[a-z])?`).Draw(t, "act"),
		Date:    days("date"),
		Recorded: time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "recorded"), 0).
			In(time.FixedZone("", 60*rapid.IntRange(-14*60, 14*60).Draw(t, "offset"))),
		By:   rapid.StringMatching(`[a-z][a-z0-9-]{0,12}`).Draw(t, "by"),
		Salt: strings.TrimPrefix(hash("salt"), "sha256:")[:32],
	}
	if rapid.Bool().Draw(t, "demonstration?") {
		s.Demonstration = days("demonstration")
	}
	for range rapid.IntRange(0, 3).Draw(t, "previous") {
		s.Previous = append(s.Previous, hash("previous"))
	}
	slices.Sort(s.Previous)
	s.Previous = slices.Compact(s.Previous)
	if rapid.Bool().Draw(t, "signed?") {
		s.Signature = armour(rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(t, "signature"))
	}
	return s
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySeal(t)
		got, err := Parse(s.Bytes())
		if err != nil {
			t.Fatalf("%v\n%s", err, s.Bytes())
		}
		// cmp takes two times for equal when they are one moment; the offset must survive too.
		if diff := cmp.Diff(s, got, cmpopts.EquateComparable(date.Date{})); diff != "" {
			t.Fatal(diff)
		}
		_, want := s.Recorded.Zone()
		if _, offset := got.Recorded.Zone(); offset != want {
			t.Fatalf("offset %d, want %d", offset, want)
		}
	})
}

// One byte changed anywhere either makes the text unreadable, or another seal
// that is spelt exactly so: nothing is overlooked.
func TestNothingIsOverlooked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anySeal(t).Bytes()
		at := rapid.IntRange(0, len(b)-1).Draw(t, "at")
		b[at] = rapid.Byte().Draw(t, "byte")
		if s, err := Parse(b); err == nil && !bytes.Equal(s.Bytes(), b) {
			t.Fatalf("read as\n%s\nwas\n%s", s.Bytes(), b)
		}
	})
}

func TestParseRefuses(t *testing.T) {
	edit := func(old, new string) string {
		if !strings.Contains(exampleText, old) {
			t.Fatalf("no %q in the example", old)
		}
		return strings.Replace(exampleText, old, new, 1)
	}
	prev := "previous: sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed\n"
	tests := []struct {
		name, text string
		line       int
	}{
		{"nothing", "", 1},
		{"a byte-order mark", "\uFEFF" + exampleText, 1},
		{"another format", edit("seal/v1", "cycle/v1"), 1},
		{"version nought", edit("seal/v1", "seal/v0"), 1},
		{"version with a leading nought", edit("seal/v1", "seal/v01"), 1},
		{"version with a sign", edit("seal/v1", "seal/v+1"), 1},
		{"Windows line ends", strings.ReplaceAll(exampleText, "\n", "\r\n"), 1},
		{"capital in the learner id", edit("bk7m2xqt", "bk7m2xqT"), 2},
		{"file id of five", edit("file: k4f7", "file: k4f77"), 3},
		{"path out of the folder", edit("path: cycles/", "path: ../cycles/"), 4},
		{"path from the root", edit("path: cycles/", "path: /cycles/"), 4},
		{"path into the seals", edit("path: cycles/", "path: seals/"), 4},
		{"path with a backslash", edit("path: cycles/", `path: cycles\`), 4},
		{"path with an escape", edit("path: cycles/", "path: cy\x1b[31mcles/"), 4},
		{"hash in capitals", edit("60dd56f0", "60DD56F0"), 5},
		{"hash too short", edit("60dd56f0", "60dd56f"), 5},
		{"act in capitals", edit("act: review", "act: Review"), 6},
		{"act that is a hyphen", edit("act: review", "act: -"), 6},
		{"no such day", edit("date: 2025-11-21", "date: 2025-11-31"), 7},
		{"no zone", edit("16:20:05Z", "16:20:05"), 8},
		{"UTC spelt otherwise", edit("16:20:05Z", "16:20:05+00:00"), 8},
		{"parts of a second", edit("16:20:05Z", "16:20:05.5Z"), 8},
		{"nobody", edit("by: grimes", "by: "), 9},
		{"a name with a space", edit("by: grimes", "by: m grimes"), 9},
		{"space at the end", edit("by: grimes", "by: grimes "), 9},
		{"two spaces", edit("by: grimes", "by:  grimes"), 9},
		{"a line more", edit("previous:", "note: x\nprevious:"), 10},
		{"keys in another order", strings.Replace(edit(prev, ""), "salt:", "xalt:", 1), 10},
		{"one previous twice", edit(prev, prev+prev), 11},
		{"salt too short", edit("salt: 6d", "salt: 6"), 11},
		{"no final newline", strings.TrimSuffix(exampleText, "\n"), 11},
		{"cut short", exampleText[:strings.Index(exampleText, "sha256: ")+20], 5},
		{"text after the salt", exampleText + "\n", 12},
		{"text after the signature", exampleText + string(armour([]byte("x"))) + "\n", 12},
		{"signature wrapped otherwise", exampleText + "-----BEGIN SSH SIGNATURE-----\neA\n==\n-----END SSH SIGNATURE-----\n", 12},
		{"empty signature", exampleText + "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n", 12},
		{"base64 with loose bits", exampleText + "-----BEGIN SSH SIGNATURE-----\neB==\n-----END SSH SIGNATURE-----\n", 12},
		{"too large", exampleText + strings.Repeat("x", MaxSize), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse([]byte(tt.text))
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || syntax.Line != tt.line {
				t.Errorf("Parse() = %v, want a *SyntaxError in line %d", err, tt.line)
			}
		})
	}
	if _, err := Parse([]byte(exampleText)); err != nil {
		t.Errorf("the example itself: %v", err)
	}
}

func TestParseSaysWhenItIsTooOld(t *testing.T) {
	_, err := Parse([]byte("format: seal/v2\nsomething: else\n"))
	var tooNew *TooNewError
	if !errors.As(err, &tooNew) || tooNew.Version != 2 {
		t.Errorf("Parse() = %v, want a *TooNewError of version 2", err)
	}
}

func TestErrorsHoldNoValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Replace(exampleText, rapid.SampledFrom([]string{"bk7m2xqt", "k4f7\n", "2025-11-21\n", "grimes"}).Draw(t, "field"), "Jude Ashworth\n", 1)
		_, err := Parse([]byte(text))
		if err == nil || strings.Contains(err.Error(), "Jude") || strings.Contains(err.Error(), "Ashworth") {
			t.Fatalf("Parse() = %v", err)
		}
	})
}

func TestRecordedIsWrittenCoarse(t *testing.T) {
	fine := time.Date(2025, 11, 21, 16, 20, 5, 999, time.FixedZone("LMT", -75))
	s := example()
	s.Recorded = fine
	got, err := Parse(s.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if !got.Recorded.Equal(fine.Truncate(time.Second)) {
		t.Errorf("recorded %s, want %s", got.Recorded, fine.Truncate(time.Second))
	}
}

func TestValid(t *testing.T) {
	s := example()
	if err := s.Valid(); err != nil {
		t.Error(err)
	}
	s.Previous = []string{Hash([]byte("b")), Hash([]byte("a"))}
	slices.Sort(s.Previous)
	slices.Reverse(s.Previous)
	if s.Valid() == nil {
		t.Error("unsorted previous seals are valid")
	}
	if (Seal{}).Valid() == nil {
		t.Error("an empty seal is valid")
	}
}

func TestNewSalt(t *testing.T) {
	got, err := NewSalt(bytes.NewReader(bytes.Repeat([]byte{0xab}, 16)))
	if want := strings.Repeat("ab", 16); err != nil || got != want {
		t.Errorf("NewSalt() = %q, %v, want %q", got, err, want)
	}
	if _, err := NewSalt(strings.NewReader("short")); err == nil {
		t.Error("a salt came of too few bytes")
	}
}

func TestTips(t *testing.T) {
	link := func(act string, previous ...Seal) Seal {
		s := example()
		s.Act, s.Previous = act, nil
		for _, p := range previous {
			s.Previous = append(s.Previous, Hash(p.Bytes()))
		}
		slices.Sort(s.Previous)
		return s
	}
	first := link("first")
	left, right := link("left", first), link("right", first)
	merged := link("merged", left, right)
	tests := []struct {
		name  string
		seals []Seal
		want  []Seal
	}{
		{"none", nil, nil},
		{"one", []Seal{first}, []Seal{first}},
		{"a chain", []Seal{first, left}, []Seal{left}},
		{"two laptops", []Seal{first, left, right}, []Seal{left, right}},
		{"merged", []Seal{first, left, right, merged}, []Seal{merged}},
		{"a gap in the middle", []Seal{first, merged}, []Seal{first, merged}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files, want := map[string][]byte{}, []string{}
			for _, s := range tt.seals {
				files[s.Name()] = s.Bytes()
			}
			for _, s := range tt.want {
				want = append(want, Hash(s.Bytes()))
			}
			slices.Sort(want)
			if diff := cmp.Diff(want, Tips(files), cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
	broken := map[string][]byte{"a-b.seal": []byte("nonsense")}
	if diff := cmp.Diff([]string{Hash([]byte("nonsense"))}, Tips(broken)); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(exampleText))
	f.Add([]byte(exampleText + string(armour(bytes.Repeat([]byte{7}, 120)))))
	f.Add([]byte("format: seal/v2\n"))
	f.Add([]byte(strings.ReplaceAll(exampleText, "\n", "\r\n")))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Parse(b)
		if err != nil {
			return
		}
		if !bytes.Equal(s.Bytes(), b) {
			t.Fatalf("read as\n%s", s.Bytes())
		}
		if again, err := Parse(s.Bytes()); err != nil || !cmp.Equal(s, again, cmpopts.EquateComparable(date.Date{})) {
			t.Fatalf("read again: %v", err)
		}
		_ = Verify(s, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
		_ = Check(s.Learner, map[string][]byte{s.Path: b}, map[string][]byte{s.Name(): b})
	})
}
