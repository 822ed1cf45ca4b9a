package trail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// What passes between two places is real git's business: it knows the protocols,
// the credentials and the proxies, and its hooks belong to the person. Nothing
// here ever forces a branch.

// Remote is another place that git knows of, with the addresses that it really
// uses: url.NAME.insteadOf and pushInsteadOf are counted in.
type Remote struct {
	Name  string
	Fetch []string // what is fetched from; git takes the first
	Push  []string // what is pushed to: all of them
}

// Addresses are all of them, each once.
func (m Remote) Addresses() []string {
	all := slices.Concat(m.Fetch, m.Push)
	slices.Sort(all)
	return slices.Compact(all)
}

// Remotes lists the remotes in the order of their names.
func (r *Repo) Remotes(ctx context.Context) ([]Remote, error) {
	all, err := r.effective()
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(keys(all), func(k string) bool { return strings.HasPrefix(k, "remote.") }) {
		return nil, nil // no process for a folder that has none
	}
	out, err := r.gitContext(ctx, nil, nil, "remote")
	if err != nil {
		return nil, err
	}
	var list []Remote
	for name := range strings.Lines(string(out)) {
		name = strings.TrimSuffix(name, "\n")
		m := Remote{Name: name}
		if m.Fetch, err = r.addresses(ctx, name); err != nil {
			return nil, err
		}
		if m.Push, err = r.addresses(ctx, name, "--push"); err != nil {
			return nil, err
		}
		if len(m.Addresses()) > 0 {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b Remote) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

func keys(s settings) []string {
	var out []string
	for k := range s {
		out = append(out, k)
	}
	return out
}

func (r *Repo) addresses(ctx context.Context, name string, which ...string) ([]string, error) {
	out, err := r.gitContext(ctx, nil, nil, append(append([]string{"remote", "get-url", "--all"}, which...), "--", name)...)
	if err != nil {
		if exitedWith(err, 2) || exitedWith(err, 128) || exitedWith(err, 3) {
			return nil, nil // a section of the configuration without an address
		}
		return nil, err
	}
	var list []string
	for line := range strings.Lines(string(out)) {
		list = append(list, strings.TrimSuffix(line, "\n"))
	}
	return list, nil
}

// Upstream is the remote that the present branch is set up to follow; "" where it
// is not.
func (r *Repo) Upstream() string {
	_, branch, err := r.Head()
	if err != nil || branch == "" {
		return ""
	}
	name, _ := r.Config("branch." + branch + ".remote")
	return name
}

// Tracked is the commit that a branch of a remote had when it was last seen; ""
// for none.
func (r *Repo) Tracked(remote, branch string) (string, error) {
	id, err := r.readRef("refs/remotes/" + remote + "/" + branch)
	if err != nil || id.IsZero() {
		return "", err
	}
	return id.String(), nil
}

// Place is an address made comparable: without user, password, closing slashes and
// ".git"; the short form host:path reads as ssh://host/path, file:// as a path, and
// letters of a host are small.
func Place(address string) string {
	s := address
	scheme, rest, ok := strings.Cut(s, "://")
	switch {
	case ok:
		scheme = strings.ToLower(scheme)
		host, path, _ := strings.Cut(rest, "/")
		if i := strings.LastIndexByte(host, '@'); i >= 0 {
			host = host[i+1:]
		}
		host = strings.ToLower(host)
		for s, port := range map[string]string{"ssh": ":22", "https": ":443", "http": ":80", "git": ":9418"} {
			if scheme == s || scheme == "git+"+s || scheme == s+"+git" {
				host = strings.TrimSuffix(host, port)
			}
		}
		if scheme == "git+ssh" || scheme == "ssh+git" {
			scheme = "ssh"
		}
		if scheme == "file" {
			s = "/" + path
		} else {
			s = scheme + "://" + host + "/" + strings.TrimLeft(path, "/")
		}
	default:
		// git: a colon before the first slash names a host (never a drive letter).
		host, path, colon := strings.Cut(s, ":")
		if colon && !strings.ContainsAny(host, `/\`) && len(host) > 1 {
			if i := strings.LastIndexByte(host, '@'); i >= 0 {
				host = host[i+1:]
			}
			s = "ssh://" + strings.ToLower(host) + "/" + strings.TrimLeft(path, "/")
		}
	}
	for len(s) > 1 && strings.HasSuffix(s, "/") {
		s = s[:len(s)-1]
	}
	if t := strings.TrimSuffix(s, ".git"); t != "" && !strings.HasSuffix(t, "/") {
		s = t // "/srv/records/.git" is the repository within, and stays
	}
	for len(s) > 1 && strings.HasSuffix(s, "/") {
		s = s[:len(s)-1]
	}
	return s
}

// Secret reports whether an address holds a password or a token. A bare user name
// ("git@") is none over ssh; in a web address it may be one.
func Secret(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return false
	}
	if u.RawQuery != "" {
		return true
	}
	if u.User == nil {
		return false
	}
	_, has := u.User.Password()
	web := strings.EqualFold(u.Scheme, "http") || strings.EqualFold(u.Scheme, "https")
	return has || web && u.User.Username() != "git" && len(u.User.Username()) > 0
}

// NoBranchError says that the other place has no branch of this name yet.
type NoBranchError struct{ Remote, Branch string }

func (e *NoBranchError) Error() string {
	return fmt.Sprintf("%s has no branch %s yet", e.Remote, e.Branch)
}

// ReachError says that git could not bring something from another place, or take
// it there, in git's own words.
type ReachError struct {
	Remote string
	What   string // "fetch from" or "push to"
	Said   string
}

func (e *ReachError) Error() string {
	return fmt.Sprintf("git could not %s %s: %s", e.What, e.Remote, e.Said)
}

// BehindError says that somebody else pushed first: fetch, merge and push again.
type BehindError struct {
	Remote string
	Lock   string // the lock of git's in the other place that stood in the way, if one did
}

func (e *BehindError) Error() string {
	return "somebody else sent something to " + e.Remote + " in the same moment"
}

// Fetch brings a branch of a remote, as git does, into refs/remotes/REMOTE/BRANCH,
// and gives its commit. ask says that somebody is at a terminal, so that git may
// ask for a password; progress, which may be nil, hears what git has to say.
//
// Errors: *NoBranchError, *ReachError; *BusyError where a lock of git's stays taken.
func (r *Repo) Fetch(ctx context.Context, remote, branch string, ask bool, progress io.Writer) (string, error) {
	spec := "+refs/heads/" + branch + ":refs/remotes/" + remote + "/" + branch
	var said string
	var err error
	// The git of a sendctl that was killed may still be fetching the same.
	for end := time.Now().Add(r.patience); ; {
		said, err = r.talk(ctx, ask, progress, "fetch", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--", remote, spec)
		if err == nil || !locked(said) || time.Now().After(end) {
			break
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	if err != nil {
		if file := lockIn(said); file != "" {
			return "", &BusyError{Lock: file, Holder: holder(file)}
		}
		if strings.Contains(said, "couldn't find remote ref") {
			return "", &NoBranchError{Remote: remote, Branch: branch}
		}
		return "", reach(err, remote, "fetch from", said)
	}
	return r.Tracked(remote, branch)
}

// Push sends the present state of a branch to a remote, never forced.
//
// Errors: *BehindError, *ReachError.
func (r *Repo) Push(ctx context.Context, remote, branch string, ask bool, progress io.Writer) error {
	ref := "refs/heads/" + branch
	said, err := r.talk(ctx, ask, progress, "push", "--no-follow-tags", "--no-force-with-lease", "--recurse-submodules=no", "--", remote, ref+":"+ref)
	if err == nil {
		return nil
	}
	for _, race := range []string{"(fetch first)", "(non-fast-forward)", "(stale info)", "cannot lock ref", "failed to lock", "failed to update ref", "incorrect old value provided", "(remote ref updated since checkout)"} {
		if strings.Contains(said, race) {
			return &BehindError{Remote: remote, Lock: lockIn(said)}
		}
	}
	if strings.Contains(said, "branch is currently checked out") || strings.Contains(said, "refusing to update checked out branch") {
		said = "the folder there has this very branch open, and git does not change files under somebody's hands; make the other place a bare repository: git init --bare"
	}
	return reach(err, remote, "push to", said)
}

func reach(err error, remote, what, said string) error {
	if errors.Is(err, exec.ErrNotFound) {
		return refuse("git is not installed or not on PATH", "bringing two places together needs it")
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	if said == "" {
		said = err.Error()
	}
	return &ReachError{Remote: remote, What: what, Said: said}
}

// talk runs git where it may have to speak with another machine. Only what it says
// on standard error is of interest.
func (r *Repo) talk(ctx context.Context, ask bool, progress io.Writer, args ...string) (said string, err error) {
	// Clearing up in the background would go on under the next command's hands.
	args = append([]string{"-c", "gc.auto=0", "-c", "maintenance.auto=false"}, args...)
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = r.top
	env := plainEnv()
	if ask {
		env = slices.DeleteFunc(env, func(kv string) bool { return kv == "GIT_TERMINAL_PROMPT=0" })
	} else if _, set := r.Config("core.sshCommand"); !set && !slices.ContainsFunc(env, func(kv string) bool {
		return strings.HasPrefix(kv, "GIT_SSH_COMMAND=") || strings.HasPrefix(kv, "GIT_SSH=")
	}) {
		env = append(env, "GIT_SSH_COMMAND=ssh -o BatchMode=yes")
	}
	cmd.Env = env
	var both bytes.Buffer
	var to io.Writer = &both
	if progress != nil {
		to = io.MultiWriter(&both, progress)
	}
	cmd.Stdout, cmd.Stderr = to, to
	err = cmd.Run()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return plainWords(both.String()), err
}

// plainWords takes out of git's talk what is of no use to a reader: hints, counters.
func plainWords(text string) string {
	var out []string
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r", "\n"), "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "", strings.HasPrefix(line, "hint:"), strings.HasPrefix(line, "remote: Counting"), strings.HasPrefix(line, "remote: Compressing"),
			strings.HasPrefix(line, "remote: Total"), strings.HasPrefix(line, "Enumerating objects"), strings.HasPrefix(line, "Counting objects"),
			strings.HasPrefix(line, "Delta compression"), strings.HasPrefix(line, "Compressing objects"), strings.HasPrefix(line, "Writing objects"), strings.HasPrefix(line, "Total "):
			continue
		}
		out = append(out, strings.TrimPrefix(strings.TrimPrefix(line, "fatal: "), "error: "))
	}
	return strings.Join(out, "\n")
}
