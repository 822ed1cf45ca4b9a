package casework

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/schemas"
)

// attributes keep every byte as it is, and name the driver that merges records by
// meaning where it is set up; git merges them as text where it is not.
const attributes = "* -text\n*.yaml merge=sendctl\n"

const (
	schemaDir      = ".sendctl/schemas"
	editorSettings = ".vscode/settings.json"
	bindings       = "yaml.schemas" // the key of editorSettings that says which file has which shape
)

// bound says which files of a record folder have which shape, as editors match them: a
// later pattern that begins with ! takes away from those before it. It says by pattern
// what recordfile.KindAt says by name; a test holds the two together.
func bound() map[recordfile.Kind][]string {
	const each, mark = "learners/*/", "-????.yaml" // ???? is a file's id
	return map[recordfile.Kind][]string{
		recordfile.Setting: {"sendctl.yaml"}, recordfile.Pathway: {"pathway.yaml"},
		recordfile.People: {"people.yaml", each + "people.yaml"},
		recordfile.Key:    {"keys/*.yaml"}, recordfile.Removal: {"removals/*.yaml"},
		recordfile.Identity: {each + "identity.yaml"}, recordfile.Learner: {each + "learner.yaml"}, recordfile.Contacts: {each + "contacts.yaml"},
		recordfile.Passport: {each + "passport.yaml"}, recordfile.Profile: {each + "profile.yaml"}, recordfile.Readings: {each + "readings.yaml"},
		recordfile.Cycle: {each + "cycles/*.yaml"}, recordfile.Move: {each + "moves/*.yaml"}, recordfile.Advice: {each + "advice/*.yaml"},
		recordfile.Correction: {each + "corrections/*.yaml"}, recordfile.Arrival: {each + "arrivals/*.yaml"},
		recordfile.Request:  {each + "requests/*.yaml", "!" + each + "requests/*-decision" + mark, "!" + each + "requests/*-impact" + mark, "!" + each + "requests/*-letter" + mark},
		recordfile.Decision: {each + "requests/*-decision" + mark}, recordfile.Impact: {each + "requests/*-impact" + mark}, recordfile.Letter: {each + "requests/*-letter" + mark},
		recordfile.Handover: {each + "handovers/*.yaml", "!" + each + "handovers/*-receipt" + mark}, recordfile.Receipt: {each + "handovers/*-receipt" + mark},
	}
}

// furniture are the files that are no records: what git and editors need.
func furniture() ([]store.Change, error) {
	out := []store.Change{{Path: ".gitattributes", New: []byte(attributes)}}
	bind := map[string][]string{}
	for kind, where := range bound() {
		src, ok := schemas.Schema(string(kind))
		if !ok {
			return nil, fmt.Errorf("no schema for %s", kind)
		}
		p := path.Join(schemaDir, string(kind)+".schema.json")
		out = append(out, store.Change{Path: p, New: src})
		bind["./"+p] = where
	}
	settings, err := marshalSettings(map[string]any{
		bindings: bind, "files.insertFinalNewline": true, "files.encoding": "utf8", "files.eol": "\n",
		// The shapes are those of the folder; none is fetched from elsewhere.
		"yaml.schemaStore.enable": false,
		// Records are indented by spaces, and nothing rewrites them behind their writer's back.
		"[yaml]": map[string]any{"editor.insertSpaces": true, "editor.tabSize": 2, "editor.detectIndentation": false, "editor.formatOnSave": false},
	})
	if err != nil {
		return nil, err
	}
	out = append(out, store.Change{Path: editorSettings, New: settings})
	slices.SortFunc(out, func(a, b store.Change) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}

func marshalSettings(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(v)
	return out.Bytes(), err
}

// UnreadSettingsError says that the settings for editors cannot be brought up to date,
// since they are not JSON that can be read.
type UnreadSettingsError struct{ Path string }

func (e *UnreadSettingsError) Error() string {
	return e.Path + " is not plain JSON (comments are none), so it was left as it is"
}

// Outdated lists what the folder holds for editors that an older sendctl wrote, or that
// is missing; a folder without any of it wants none. Settings of the setting's own are
// no concern of it.
func (d *Desk) Outdated() ([]store.Change, error) {
	fsys := d.Store.FS()
	if _, err := fs.Stat(fsys, schemaDir); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	want, err := furniture()
	if err != nil {
		return nil, err
	}
	var out []store.Change
	for _, c := range want {
		if c.Path == ".gitattributes" {
			continue
		}
		was, err := fs.ReadFile(fsys, c.Path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read %s: %w", c.Path, err)
		}
		if c.Path == editorSettings && err == nil {
			if c.New, err = rebound(was, c.New); err != nil {
				return out, err
			}
		}
		if !bytes.Equal(was, c.New) {
			c.Old = was
			out = append(out, c)
		}
	}
	return out, nil
}

// rebound gives the settings that are there with our bindings in them, and with those
// of our other settings that they do not have; the same bytes where nothing is to do.
func rebound(was, ours []byte) ([]byte, error) {
	var have, want map[string]json.RawMessage
	if json.Unmarshal(was, &have) != nil || have == nil {
		return was, &UnreadSettingsError{Path: editorSettings}
	}
	if err := json.Unmarshal(ours, &want); err != nil {
		return was, err
	}
	var haveBound, wantBound map[string]json.RawMessage
	if have[bindings] != nil && json.Unmarshal(have[bindings], &haveBound) != nil {
		return was, &UnreadSettingsError{Path: editorSettings}
	}
	if err := json.Unmarshal(want[bindings], &wantBound); err != nil {
		return was, err
	}
	changed := false
	for at, where := range wantBound {
		if !sameJSON(haveBound[at], where) {
			changed = true
		}
	}
	for at, where := range haveBound {
		if strings.HasPrefix(at, "./"+schemaDir+"/") {
			changed = changed || wantBound[at] == nil
			continue
		}
		wantBound[at] = where // one of the setting's own
	}
	for key := range want {
		changed = changed || have[key] == nil
	}
	if !changed {
		return was, nil
	}
	for key, v := range want {
		if have[key] == nil {
			have[key] = v
		}
	}
	all, err := json.Marshal(wantBound)
	if err != nil {
		return was, err
	}
	have[bindings] = all
	return marshalSettings(have)
}

func sameJSON(a, b json.RawMessage) bool {
	var x, y bytes.Buffer
	return a != nil && json.Compact(&x, a) == nil && json.Compact(&y, b) == nil && bytes.Equal(x.Bytes(), y.Bytes())
}

// Refurnish brings what the folder holds for editors up to date, and records it.
func (d *Desk) Refurnish(ctx context.Context) (Done, error) {
	return d.do(ctx, "edit", "", func(a *act) error {
		changes, err := d.Outdated()
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			return &NothingError{}
		}
		a.about = "what editors need"
		a.changes = append(a.changes, changes...)
		return nil
	})
}
