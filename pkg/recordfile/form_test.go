package recordfile

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/schemas"
)

// allForms are the patterns of every schema.
func allForms(t *testing.T) map[string]*form {
	for _, k := range schemas.Kinds() {
		if _, err := shapeOf(Kind(k)); err != nil {
			t.Fatal(err)
		}
	}
	c := compiled()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.patterns
}

func TestFormsMatchAsTheirPatterns(t *testing.T) {
	simple := 0
	for pattern, f := range allForms(t) {
		if f.parts != nil {
			simple++
		}
		some := rapid.OneOf(rapid.StringMatching(pattern), rapid.String(),
			rapid.StringOfN(rapid.SampledFrom([]rune("aezbkm79012-:./@ptroy APT\n\t\x00\x1f\x7fé文\ufffd")), 0, 40, -1),
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
		rapid.Check(t, func(t *rapid.T) {
			v := some.Draw(t, "v")
			if rapid.Bool().Draw(t, "one more") {
				v += rapid.SampledFrom([]string{"a", "9", "\n", " ", "é", "\xff"}).Draw(t, "more")
			}
			if got, want := f.matches(v), f.MatchString(v); got != want {
				t.Fatalf("%q against %s: %t, want %t", v, pattern, got, want)
			}
		})
	}
	if simple < 10 {
		t.Errorf("%d patterns only are of the simple kind", simple)
	}
}

func TestFormsThatAreNotSimple(t *testing.T) {
	for _, pattern := range []string{`^[a-z]*[a-m]$`, `a`, `^a`, `a$`, `^(ab)+$`, `^[a-é]$`, `^[^a]$`, `^a|b$`, `(?i)^a[a-z]$`, `^a{2,3}[ab]$`, `^a*b?c$`, `^a?(bc)?$`, `^.*$`, `^é$`, `^[^a]{0,3}$`, `(?m)^[a-z]+$`} {
		f, err := formOf(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if f.parts != nil {
			t.Errorf("%s passes for simple", pattern)
		}
	}
}
