package trail

import (
	"context"
	"errors"
	"strings"

	"github.com/sendctl/sendctl/pkg/objects"
)

// Spoken is a text that git itself keeps and that stands in no file: it goes to
// everyone who has a copy of the repository, and to whoever hosts one.
type Spoken struct {
	Of    string // commit, branch or tag
	ID    string // of the commit: that of the message, or the one that the name points at
	Words string
}

// Spoken gives the messages of the newest commits, at most so many, newest first, and
// after them the names of all branches and tags, remote ones too. Where the history is
// cut off or partly missing, it is what is here.
func (r *Repo) Spoken(ctx context.Context, most int) ([]Spoken, error) {
	var out []Spoken
	for e, err := range r.History(ctx) {
		if errors.As(err, new(*objects.MissingError)) {
			break
		}
		if err != nil {
			return nil, err
		}
		if len(out) == most {
			break
		}
		out = append(out, Spoken{Of: "commit", ID: e.ID, Words: e.Subject + "\n\n" + e.Body})
	}
	refs, err := r.Refs("refs/")
	if err != nil {
		return nil, err
	}
	for _, ref := range refs {
		_, name, _ := strings.Cut(strings.TrimPrefix(ref.Name, "refs/"), "/")
		switch {
		case strings.HasPrefix(ref.Name, "refs/tags/"):
			out = append(out, Spoken{Of: "tag", ID: ref.ID.String(), Words: name})
		case strings.HasPrefix(ref.Name, "refs/heads/"), strings.HasPrefix(ref.Name, "refs/remotes/"):
			out = append(out, Spoken{Of: "branch", ID: ref.ID.String(), Words: name})
		}
	}
	return out, nil
}
