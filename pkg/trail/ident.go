package trail

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// Ident is who did something and when. When keeps its zone: git stores the
// offset, to the minute, and the time to the second.
type Ident struct {
	Name  string
	Email string
	When  time.Time
}

// Author is who git would name as author, at the time now. GIT_AUTHOR_DATE is
// not read: nothing may set when something was recorded. It returns a
// *NoIdentityError when name or e-mail is nowhere; it never guesses them.
func (r *Repo) Author(now time.Time) (Ident, error) { return r.ident("AUTHOR", "author", now) }

// Committer is Author for the committer: GIT_COMMITTER_NAME, committer.name.
func (r *Repo) Committer(now time.Time) (Ident, error) { return r.ident("COMMITTER", "committer", now) }

func (r *Repo) ident(env, section string, now time.Time) (Ident, error) {
	all, err := r.effective()
	if err != nil {
		return Ident{}, err
	}
	pick := func(envName, key string) string {
		if v := clean(os.Getenv(envName)); v != "" {
			return v
		}
		for _, k := range []string{section + "." + key, "user." + key} {
			if v, ok := all.get(k); ok && clean(v) != "" {
				return clean(v)
			}
		}
		return ""
	}
	id := Ident{Name: pick("GIT_"+env+"_NAME", "name"), Email: pick("GIT_"+env+"_EMAIL", "email"), When: now}
	if id.Email == "" {
		id.Email = clean(os.Getenv("EMAIL"))
	}
	var missing []string
	if id.Name == "" {
		missing = append(missing, "user.name")
	}
	if id.Email == "" {
		missing = append(missing, "user.email")
	}
	if missing != nil {
		return Ident{}, &NoIdentityError{Missing: missing}
	}
	return id, nil
}

// clean drops what git drops from names and addresses: the characters that
// would break the line, and punctuation at both ends.
func clean(s string) string {
	s = strings.TrimFunc(s, func(c rune) bool { return c <= 32 || strings.ContainsRune(`.,:;<>"\'`, c) })
	return strings.Map(func(c rune) rune {
		if c == '\n' || c == '<' || c == '>' || c == 0 {
			return -1
		}
		return c
	}, s)
}

// String is the ident as git writes it into commits and reflogs.
func (i Ident) String() string {
	return fmt.Sprintf("%s <%s> %d %s", clean(i.Name), clean(i.Email), i.When.Unix(), i.zone())
}

// zone is the offset from UTC: "+0100".
func (i Ident) zone() string {
	_, offset := i.When.Zone()
	sign := '+'
	if offset < 0 {
		sign, offset = '-', -offset
	}
	return fmt.Sprintf("%c%02d%02d", sign, offset/3600, offset/60%60)
}

func (i Ident) usable() bool { return clean(i.Name) != "" && clean(i.Email) != "" && i.When.Unix() > 0 }
