package casework

import (
	"fmt"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/seal"
)

// namespaces are what a key of people.yaml may sign.
const namespaces = "git," + seal.Namespace + ",sendctl-checkpoint,sendctl-parcel"

// AllowedSigners gives the keys of people.yaml as git (gpg.ssh.allowedSignersFile) and
// ssh-keygen -Y verify -f read them. Whoever signs is named by their e-mail address
// and by their id. A day is that of the machine that checks, as in people.yaml it is
// that of the machine that signed.
func AllowedSigners(f *folder.Folder) string {
	var b strings.Builder
	for _, h := range f.Holders(date.Date{}) {
		public, err := seal.Public(h.Key.Public)
		if never := !h.Key.Until.IsZero() && h.Key.Until.Before(h.Key.From); err != nil || never {
			continue // it counts on no day
		}
		names := h.Person.ID
		if principal(h.Person.Email) {
			names = h.Person.Email + "," + names
		}
		fmt.Fprintf(&b, "%s namespaces=\"%s\",valid-after=\"%s\"", names, namespaces, compact(h.Key.From))
		if !h.Key.Until.IsZero() {
			// OpenSSH takes this second itself for valid: the last of the last day.
			fmt.Fprintf(&b, ",valid-before=\"%s235959\"", compact(h.Key.Until))
		}
		b.WriteString(" " + public + "\n")
	}
	return b.String()
}

func compact(d date.Date) string { return strings.ReplaceAll(d.String(), "-", "") }

// principal reports whether an e-mail address means itself alone in an allowed-signers
// file, in which commas, quotes, "!" and "*" mean more.
func principal(email string) bool {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.@_+-%"
	return email != "" && strings.Trim(email, plain) == "" && email[0] != '#'
}
