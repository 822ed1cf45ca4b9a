package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/sshkey"
)

func newAddKeyCmd(e *Env) *cobra.Command {
	var key, from, until, because string
	c := &cobra.Command{
		Use: "add-key [PERSON]", Short: "add a signing key for a person",
		Long: `Adds an SSH key to people.yaml, so that what is signed with it counts as that
person's. PERSON is an id in people.yaml; without it, you. The key is the one
that git is set up to sign with (gpg.format ssh, user.signingkey), or else the
public one that --key names: a file, or the line itself.

If any key counts already, somebody whose key counts today has to sign this.
Nobody can vouch for the first key of a folder; keep a checkpoint elsewhere from
then on. A sealed record in keys/ says who added which key and when.

Keys can be Ed25519, ECDSA, or RSA with at least 2048 bits; the first two also
on a security key. Without --from, the key counts from the first day on which it
signed something for that person here, or else from today.`,
		Example: `  sendctl people add-key
  sendctl people add-key eyre --key eyre.pub
  sendctl people add-key eyre --key "ssh-ed25519 AAAAC3Nza…" --until 2027-07-31`,
		Args: takes(0, 1, "one person, or none for yourself"),
		RunE: func(c *cobra.Command, args []string) error {
			desk, f, err := e.work(c.Context())
			if err != nil {
				return err
			}
			add := casework.KeyAdding{Because: learner.Words(because)}
			me, err := desk.Me(f)
			if err != nil {
				return err
			}
			add.Person = me.ID
			if len(args) > 0 {
				add.Person = args[0]
			}
			if add.From, err = dayOf("--from", from); err != nil {
				return err
			}
			if add.Until, err = dayOf("--until", until); err != nil {
				return err
			}
			who, _ := f.Person(add.Person)
			if add.Public, err = e.keyToAdd(desk, key, who, add.Person == me.ID); err != nil {
				return err
			}
			done, err := desk.AddKey(c.Context(), add)
			if err != nil {
				return err
			}
			return e.done(done, "Added the key %s of %s.", seal.Fingerprint(add.Public), add.Person)
		},
	}
	fl := c.Flags()
	fl.BoolVar(&e.flags.withEdits, "with-edits", false, "first record changes made by hand in people.yaml, as an edit of their own")
	fl.StringVar(&key, "key", "", "the public key: a `FILE`, or the line that it holds")
	fl.StringVar(&from, "from", "", "the first `DATE` on which it counts")
	fl.StringVar(&until, "until", "", "the last `DATE` on which it counts")
	fl.StringVar(&because, "because", "", "why, in `WORDS`, such as a new laptop")
	return c
}

// keyToAdd is the public key that --key names, or the one that git signs with. A
// fingerprint names a key that stands in people.yaml without a record.
func (e *Env) keyToAdd(desk *casework.Desk, given string, who learner.Person, own bool) (string, error) {
	switch {
	case strings.HasPrefix(given, "SHA256:"):
		k, _, err := casework.ChooseKey(who, given)
		return k.Public, err
	case given != "":
		return e.publicKey(given)
	case !own:
		return "", usage("give the key with --key: the .pub file that they send you, or the line in it")
	}
	k, err := desk.Signer()
	if err != nil {
		return "", err
	}
	if k == nil {
		return "", usage("git is not set up to sign, so there is no key to take; set it up with:\n  git config gpg.format ssh\n  git config user.signingkey ~/.ssh/id_ed25519.pub\nor name a public key with --key")
	}
	return k.Public(), nil
}

// publicKey reads a public key that was typed: the line itself, or a file's name.
func (e *Env) publicKey(given string) (string, error) {
	if kind, _, several := strings.Cut(given, " "); several && (strings.HasPrefix(kind, "ssh-") || strings.HasPrefix(kind, "ecdsa-") || strings.HasPrefix(kind, "sk-")) {
		return given, nil
	}
	return sshkey.Public(e.at(given))
}

func dayOf(flag, typed string) (date.Date, error) {
	if typed == "" {
		return date.Date{}, nil
	}
	d, err := date.Parse(typed)
	if err != nil {
		return d, usage("%s: %w", flag, err)
	}
	return d, nil
}

func newRevokeKeyCmd(e *Env) *cobra.Command {
	var key string
	var given answering
	c := &cobra.Command{
		Use: "revoke-key PERSON", Short: "end a person's signing key",
		Long: `Ends a person's key: nothing that it signs after the given day counts, and a
revoked key never counts again. Somebody whose key counts today has to sign
this. A key that is being replaced may sign its own end, once the next one has
been added. To end a key for good when nobody else has one, give --date.

The record of it holds the latest seal of every learner for whom the key had
signed, so that whoever has the key now cannot add anything under an old day.

--key is a fingerprint as sendctl people shows it (the beginning is enough), a
file, or the number of the key. You can leave it out if only one is in use.
Without --date, the last day is today for a key that signed something today, and
yesterday for any other.`,
		Example: `  sendctl people revoke-key grimes --because "The laptop was lost."
  sendctl people revoke-key grimes --key SHA256:Ds0b --date 2026-11-12 \
    --because "Somebody else may have had it from Friday."`,
		Args: takes(1, 1, "one person"),
		RunE: func(c *cobra.Command, args []string) error {
			desk, f, err := e.work(c.Context())
			if err != nil {
				return err
			}
			who, ok := f.Person(args[0])
			if !ok {
				return &casework.UnknownWordError{What: "adult of people.yaml", Typed: args[0], Known: peopleIDs(f), Flag: "PERSON"}
			}
			s, err := given.supply(e, c)
			if err != nil {
				return err
			}
			if key != "" {
				if key, err = e.ownKey(who, key); err != nil {
					return err
				}
				s.Set("key", key, "--key")
			}
			if _, _, err := casework.ChooseKey(who, key); is[*casework.StateError](err) {
				return err // there is none to choose from
			}
			script := casework.RevokeForm(who, date.Of(e.Now()))
			answers, extra, err := e.fill(c.Context(), asking{desk: desk, script: script, supply: s, today: date.Of(e.Now()), brief: s.Has("because")})
			if err != nil {
				return err
			}
			var v struct {
				Key     string        `yaml:"key"`
				Because learner.Words `yaml:"because"`
				Date    date.Date     `yaml:"date"`
			}
			if err := casework.Fill(&v, script, answers, extra); err != nil {
				return err
			}
			done, err := desk.RevokeKey(c.Context(), casework.KeyRevoking{Person: who.ID, Public: v.Key, Until: v.Date, Because: v.Because})
			if err != nil {
				return err
			}
			return e.done(done, "Revoked the key %s of %s.", v.Key, who.ID)
		},
	}
	given.add(e, c, "because=lost",
		answerFlag{name: "because", path: "because", help: "why, in `WORDS`"},
		answerFlag{name: "date", path: "date", help: "the last `DATE` on which it counts"},
	)
	c.Flags().StringVar(&key, "key", "", "which `KEY`: its fingerprint, its file or its number")
	return c
}

func peopleIDs(f *folder.Folder) []string {
	var out []string
	for _, p := range f.People.Value.People {
		out = append(out, p.ID)
	}
	return out
}

// ownKey gives the fingerprint of the one key of a person that was typed.
func (e *Env) ownKey(who learner.Person, typed string) (string, error) {
	k, _, err := casework.ChooseKey(who, typed)
	if err != nil {
		line, fileErr := e.publicKey(typed)
		if fileErr != nil {
			return "", err
		}
		if k, _, err = casework.ChooseKey(who, line); err != nil {
			return "", err
		}
	}
	return seal.Fingerprint(k.Public), nil
}

func newAllowedSignersCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "allowed-signers", Short: "the keys as git and ssh-keygen read them",
		Long: `Prints the keys in people.yaml, with the days on which they count, in the form
that git (gpg.ssh.allowedSignersFile) and ssh-keygen -Y verify read. With it,
anyone can check a signature without sendctl. A person is named by e-mail
address and by id. ssh-keygen asks whether the key counts today; to ask for the
day of the seal, add -O verify-time.`,
		Example: `  sendctl people allowed-signers > allowed
  git -c gpg.ssh.allowedSignersFile=allowed log --show-signature
  sed '/^-----BEGIN/,$d' k4f7-review.seal > lines
  sed -n '/^-----BEGIN/,$p' k4f7-review.seal > signature
  ssh-keygen -Y verify -f allowed -I grimes -n sendctl-seal -s signature < lines`,
		Args: takes(0, 0, "no words"),
		RunE: func(c *cobra.Command, _ []string) error {
			f, err := e.look(c.Context())
			if err != nil {
				return err
			}
			text := casework.AllowedSigners(f)
			if e.flags.json {
				lines := []string{}
				for line := range strings.Lines(text) {
					lines = append(lines, strings.TrimSuffix(line, "\n"))
				}
				return e.printJSON(struct {
					Format string   `json:"format"`
					Lines  []string `json:"lines"`
				}{"sendctl-allowed-signers/1", lines})
			}
			if text == "" {
				return fmt.Errorf("people.yaml holds no key; add one with: sendctl people add-key")
			}
			_, err = io.WriteString(e.Out, text)
			return err
		},
	}
}
