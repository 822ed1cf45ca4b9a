package diag

import (
	"strings"
	"testing"
)

func TestShowsKey(t *testing.T) {
	for _, key := range []string{"words", "review_on", "per-week", "r1", "top_up2", "a" + strings.Repeat("b", 39)} {
		if !ShowsKey(key) {
			t.Errorf("%q is not shown", key)
		}
	}
	for _, key := range []string{
		"", "Mrs Ashworth rang 07700 900123", "Jude", "she said", "07700900123", "8.3.17", "c929000021114", "born-2017", "zoë", "a.b", "a\nb",
		"a" + strings.Repeat("b", 40), "_", "-x",
	} {
		if ShowsKey(key) {
			t.Errorf("%q is shown", key)
		}
	}
}
