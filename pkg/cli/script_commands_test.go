package cli

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/sendctl/sendctl/pkg/store"
)

func scriptCondition(cond string) (bool, error) {
	if cond == "root" {
		return os.Geteuid() == 0, nil
	}
	return false, fmt.Errorf("unknown condition %q", cond)
}

// scriptCommands are what scripts can say beyond testscript's own words; each
// says above its function how it is written.
func scriptCommands(demo string, s *school) map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"code":    runForCode,
		"json":    checkJSON,
		"save":    saveWords,
		"demo":    func(ts *testscript.TestScript, _ bool, args []string) { copyDemo(ts, demo, args) },
		"school":  func(ts *testscript.TestScript, _ bool, args []string) { copySchool(ts, s, args) },
		"swap":    swapText,
		"bytes":   writeBytes,
		"big":     writeBig,
		"fits":    checkFits,
		"hold":    holdLock,
		"as":      actAs,
		"sound":   checkSound,
		"keep":    keepTree,
		"same":    checkSame,
		"commits": countCommits,
		"newkey":  makeKey,
		"agekey":  makeAgeKey,
	}
}

func need(ts *testscript.TestScript, neg bool, args []string, least int, usage string) {
	if neg || len(args) < least {
		ts.Fatalf("usage: %s", usage)
	}
}

// code N PROGRAM ARGS...: the program ends with exactly this code.
func runForCode(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 2, "code N program [args...]")
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
	for _, bad := range []string{"panic:", "goroutine ", "runtime error"} {
		if strings.Contains(ts.ReadFile("stderr"), bad) {
			ts.Fatalf("a stack trace")
		}
	}
}

// json [-stderr] PATH [VALUE]: stdout is one JSON document and holds VALUE at
// PATH: keys and places joined by dots, len for how many entries.
func checkJSON(ts *testscript.TestScript, neg bool, args []string) {
	from := "stdout"
	if len(args) > 0 && args[0] == "-stderr" {
		from, args = "stderr", args[1:]
	}
	if len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: [!] json [-stderr] path [value]")
	}
	var v any
	if err := json.Unmarshal([]byte(ts.ReadFile(from)), &v); err != nil {
		ts.Fatalf("%s is no JSON: %v", from, err)
	}
	got, ok := jsonAt(v, args[0])
	switch {
	case len(args) == 1 && ok == neg:
		ts.Fatalf("%s is there: %t", args[0], ok)
	case len(args) == 2 && !ok:
		ts.Fatalf("%s is not there", args[0])
	case len(args) == 2 && (fmt.Sprint(got) == args[1]) == neg:
		ts.Fatalf("%s is %v", args[0], got)
	}
}

func jsonAt(v any, path string) (any, bool) {
	for _, step := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			sub, ok := x[step]
			if !ok {
				return nil, false
			}
			v = sub
		case []any:
			if step == "len" {
				v = len(x)
				continue
			}
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(x) {
				return nil, false
			}
			v = x[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// save NAME [PATTERN]: sets $NAME to stdout, or to what the pattern's group found in it.
func saveWords(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 1, "save name [pattern]")
	text := strings.TrimSpace(ts.ReadFile("stdout"))
	if len(args) > 1 {
		m := regexp.MustCompile(args[1]).FindStringSubmatch(text)
		if len(m) < 2 {
			ts.Fatalf("%s found nothing", args[1])
		}
		text = m[1]
	}
	ts.Setenv(args[0], text)
}

// demo DIR: a copy of the made-up school.
func copyDemo(ts *testscript.TestScript, from string, args []string) {
	need(ts, false, args, 1, "demo dir")
	copyFolder(ts, from, ts.MkAbs(args[0]))
}

// school DIR: a copy of the school of school_test.go, with the ids in it as
// $ZEB, $OTT, $PER, $C1, $C2, $FIX and $OPEN.
func copySchool(ts *testscript.TestScript, s *school, args []string) {
	need(ts, false, args, 1, "school dir")
	copyFolder(ts, s.dir, ts.MkAbs(args[0]))
	for k, v := range s.ids {
		ts.Setenv(k, v)
	}
}

func copyFolder(ts *testscript.TestScript, from, to string) {
	ts.Check(os.CopyFS(to, os.DirFS(from)))
	hook := filepath.Join(to, ".git", "hooks", "pre-commit")
	if _, err := os.Stat(hook); err == nil {
		ts.Check(os.Chmod(hook, 0o755))
	}
}

// swap FILE OLD NEW: replaces the one place where OLD stands; \n is a line's end.
func swapText(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 3, "swap file old new")
	lines := strings.NewReplacer(`\n`, "\n")
	old, next := lines.Replace(args[1]), lines.Replace(args[2])
	text := ts.ReadFile(args[0])
	if n := strings.Count(text, old); n != 1 {
		ts.Fatalf("%q stands %d times in %s", old, n, args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, old, next, 1)), 0o666))
}

// bytes FILE TEXT: writes TEXT, with Go's escapes such as \x1b and \n.
func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 2, "bytes file text")
	text, err := strconv.Unquote(`"` + strings.ReplaceAll(args[1], `"`, `\"`) + `"`)
	ts.Check(err)
	ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(args[0])), 0o777))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
}

// big FILE BYTES: makes a file that long, with a hole for a body.
func writeBig(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 2, "big file bytes")
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(f.Truncate(n))
	ts.Check(f.Close())
}

// fits LINES COLUMNS: stdout fits a terminal of that size.
func checkFits(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 2, "fits lines columns")
	most, err := strconv.Atoi(args[0])
	ts.Check(err)
	wide, err := strconv.Atoi(args[1])
	ts.Check(err)
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile("stdout"), "\n"), "\n")
	if len(lines) > most {
		ts.Fatalf("%d lines, at most %d", len(lines), most)
	}
	for i, l := range lines {
		if n := len([]rune(l)); n > wide {
			ts.Fatalf("line %d has %d columns, at most %d", i+1, n, wide)
		}
	}
}

// hold DIR: somebody else writes in the folder until the script ends.
func holdLock(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 1, "hold dir")
	root := ts.MkAbs(args[0])
	s, err := store.Open(root, filepath.Join(root, ".git", "sendctl"))
	ts.Check(err)
	release, err := s.Lock(context.Background(), "test", time.Second, nil)
	ts.Check(err)
	ts.Defer(release)
}

// as NAME EMAIL: who is at the keyboard from here on.
func actAs(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 2, "as name email")
	for _, part := range []string{"AUTHOR", "COMMITTER"} {
		ts.Setenv("GIT_"+part+"_NAME", args[0])
		ts.Setenv("GIT_"+part+"_EMAIL", args[1])
	}
}

// sound DIR WORD...: git finds no fault in the repository and nothing
// unrecorded, and no WORD (a name) stands in any path, ref or message.
func checkSound(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 1, "sound dir [word...]")
	git := func(rest ...string) string {
		out, err := exec.Command("git", append([]string{"-C", ts.MkAbs(args[0])}, rest...)...).CombinedOutput()
		if err != nil {
			ts.Fatalf("git %s: %v\n%s", strings.Join(rest, " "), err, out)
		}
		return string(out)
	}
	if out := git("fsck", "--strict", "--no-dangling", "--no-progress"); strings.TrimSpace(out) != "" {
		ts.Fatalf("git fsck: %s", out)
	}
	if out := git("status", "--porcelain"); out != "" {
		ts.Fatalf("not recorded: %s", out)
	}
	said := git("log", "--all", "--format=%B%n%D") + git("for-each-ref") + git("log", "--all", "--name-only", "--format=")
	for _, word := range args[1:] {
		if strings.Contains(strings.ToLower(said), strings.ToLower(word)) {
			ts.Fatalf("%q stands in a path, a ref or a message", word)
		}
	}
}

// keep NAME DIR and same NAME DIR: nothing was written in between, neither a
// record file nor a commit nor a line of the index.
func keepTree(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 2, "keep name dir")
	ts.Setenv("KEPT_"+args[0], treeSum(ts, args[1]))
}

func checkSame(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: [!] same name dir")
	}
	if (ts.Getenv("KEPT_"+args[0]) == treeSum(ts, args[1])) == neg {
		ts.Fatalf("what lies in %s: changed %t", args[1], !neg)
	}
}

func treeSum(ts *testscript.TestScript, dir string) string {
	root := ts.MkAbs(dir)
	var all []string
	err := filepath.WalkDir(root, func(p string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, p)
		rel = filepath.ToSlash(rel)
		if d.IsDir() || strings.HasPrefix(rel, ".git/") && !strings.HasPrefix(rel, ".git/refs/") && rel != ".git/HEAD" {
			return nil // the history is its refs; drafts and locks are no record
		}
		if d.Type()&os.ModeSymlink != 0 {
			all = append(all, rel+" ->")
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Size() > 4<<20 {
			all = append(all, fmt.Sprint(rel, info.Size()))
			return nil
		}
		b, err := os.ReadFile(p)
		if os.IsPermission(err) {
			b, err = nil, nil
		}
		all = append(all, fmt.Sprintf("%s %x", rel, sha256.Sum256(b)))
		return err
	})
	ts.Check(err)
	sort.Strings(all)
	return fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(all, "\n"))))
}

// commits DIR N: the branch holds N commits.
func countCommits(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, neg, args, 2, "commits dir n")
	out, err := exec.Command("git", "-C", ts.MkAbs(args[0]), "rev-list", "--count", "HEAD").Output()
	ts.Check(err)
	if got := strings.TrimSpace(string(out)); got != args[1] {
		ts.Fatalf("%s commits, want %s", got, args[1])
	}
}
