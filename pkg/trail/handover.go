package trail

import "context"

func (r *Repo) handOver(ctx context.Context, c Commit, acts []act, ready func(string) error, why string) (Result, error) {
	return Result{}, refuse(why, "not yet")
}
