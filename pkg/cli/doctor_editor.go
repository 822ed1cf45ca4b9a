package cli

import (
	"context"
	"errors"

	"github.com/sendctl/sendctl/pkg/casework"
)

// editorLine tells whether editors are given the shapes that this sendctl knows.
func editorLine(ctx context.Context, v *visit, desk *casework.Desk, fix bool) {
	old, err := desk.Outdated()
	var unread *casework.UnreadSettingsError
	switch {
	case errors.As(err, &unread):
		v.note("%v. What belongs in it: the file that sendctl init makes in a new folder.", err)
	case err != nil:
		v.todo("%v", err)
	case len(old) == 0:
		v.fine("Editors are given the shape of every kind of file.")
	case !fix:
		v.note("%s for editors an older sendctl made, so an editor checks by old shapes. To bring them up to date: sendctl doctor --fix", plural(len(old), "file", "files"))
	default:
		if _, err := desk.Refurnish(ctx); err != nil {
			v.todo("What editors need could not be brought up to date: %v", err)
			return
		}
		v.fine("Editors are given the shape of every kind of file now: %s recorded.", plural(len(old), "file was", "files were"))
	}
}
