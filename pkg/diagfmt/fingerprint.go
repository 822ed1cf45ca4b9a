package diagfmt

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"github.com/sendctl/sendctl/pkg/diag"
)

// Fingerprints gives each finding a name that stays while the finding does: 40
// hexadecimal digits made of its rule, its file (and so its learner), its path (or
// what opt.Place makes of it), and which one it is of those that are alike in all three. Neither its line counts nor its
// message, which may say how many days late something is.
//
// What is written at the place does not count either, hashed or not: whoever has the
// hash of a date of birth can find the date by trying them all.
func Fingerprints(fs []diag.Finding, opt Options) []string {
	type place struct{ rule, file, path string }
	seen := map[place]int{}
	out := make([]string, len(fs))
	for i, f := range fs {
		at := place{f.Rule, f.File, f.Path}
		if opt.Place != nil && f.Path != "" {
			at.path = opt.Place(f)
		}
		seen[at]++
		sum := sha256.Sum256([]byte("sendctl-finding/1\x00" + f.Rule + "\x00" + f.File + "\x00" + at.path + "\x00" + strconv.Itoa(seen[at])))
		out[i] = hex.EncodeToString(sum[:20])
	}
	return out
}
