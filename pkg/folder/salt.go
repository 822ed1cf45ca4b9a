package folder

import (
	"crypto/sha256"

	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Salt goes into every hash of a name or a number that is kept beside the folder, so that
// whoever has only what is kept cannot tell by trial who it is: it is made of what
// sendctl.yaml and people.yaml say, to the last word. Whoever has these has the names too.
func (f *Folder) Salt() [32]byte { return f.salt }

func (f *Folder) makeSalt() {
	h := sha256.New()
	for _, d := range []*yamldoc.Doc{f.Setting.Doc, f.People.Doc} {
		var b []byte
		if d != nil {
			b = d.Bytes()
		}
		sum := sha256.Sum256(b)
		h.Write(sum[:])
	}
	f.salt = [32]byte(h.Sum(nil))
}
