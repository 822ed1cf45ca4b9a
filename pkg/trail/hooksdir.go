package trail

// HooksDir is where git looks for hooks: core.hooksPath, else the repository's own folder.
func (r *Repo) HooksDir() string {
	all, err := r.effective()
	if err != nil {
		all = nil
	}
	return r.hooksDir(all)
}
