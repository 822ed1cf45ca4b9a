package linter

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/rules"
)

// Cache is where a run keeps its verdicts for the next one. What is kept holds no
// value of a record; it may be deleted at any time. A run that cannot read it, or that
// finds anything odd in it, judges afresh.
type Cache struct {
	Root string // of the record folder on disk
	Dir  string // to keep it in, such as trail.Repo.PrivateDir; never in the work tree
	// Build names the program to the last byte: verdicts of another are not used.
	Build string
}

const (
	cacheName  = "verdicts"
	cacheMagic = "sendctl-verdicts/2\n"
	mostCached = 1 << 30 // bytes
)

// kept is what is kept of one learner.
type kept struct {
	id        string
	day       dayNumber // on which the record was judged
	until     dayNumber // the first day on which the same bytes may be judged otherwise; zero is never
	sum       [16]byte  // signature
	paths     string    // of what it is made: see packPaths
	fileCount int       // of the record
	verdict   string    // findings and facts, packed
}

// holds reports whether the verdict is still that of a day. What was judged on a later
// day says nothing of an earlier one.
func (k *kept) holds(day dayNumber) bool {
	return day >= k.day && (k.until == 0 || day < k.until)
}

// packPaths packs the paths that a signature is made of, and which of them are files of
// the record. They are packed whole, to be asked for as they are: nothing is put together
// for a record that has not changed.
func packPaths(dir string, names, files []string) string {
	var b []byte
	for _, name := range names {
		p := path.Join(dir, name)
		n := uint64(len(p)) << 1
		if slices.Contains(files, p) {
			n |= 1
		}
		b = append(binary.AppendUvarint(b, n), p...)
	}
	return string(b)
}

// eachPath visits packed paths, with whether each is a file of the record.
func eachPath(paths string) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		for u := (unpacking{rest: paths}); u.rest != ""; {
			n := u.uint()
			if !yield(u.text(n>>1), n&1 == 1) {
				return
			}
		}
	}
}

// judges is a digest of everything that judges a record but the record itself and the
// day. It is taken of what f read, not of what lies on the disk by now. There is none
// for a folder whose own files cannot be read.
func (c *Cache) judges(f *folder.Folder) ([32]byte, bool) {
	h := sha256.New()
	part := func(name string, b []byte) {
		var n [16]byte
		binary.LittleEndian.PutUint64(n[:], uint64(len(name)))
		binary.LittleEndian.PutUint64(n[8:], uint64(len(b)))
		h.Write(n[:])
		h.Write([]byte(name))
		h.Write(b)
	}
	part("build", []byte(c.Build))
	part("who", fmt.Appendf(nil, "%d %d", os.Getuid(), os.Geteuid()))
	part("shape", []byte(shape(reflect.TypeFor[diag.Suppressed]())+shape(reflect.TypeFor[rules.Facts]())))
	for _, r := range rules.All() {
		part("rule", fmt.Appendf(nil, "%s %s %d %t %t", r.ID, r.Name, r.Severity, r.Guards, r.Whole))
	}
	limits, err := json.Marshal(recordfile.ShippedLimits())
	if err != nil {
		return [32]byte{}, false
	}
	part("limits", limits)
	if f.Setting.Doc == nil || f.People.Doc == nil || f.Pathway.Doc == nil {
		return [32]byte{}, false
	}
	part("sendctl.yaml", f.Setting.Doc.Bytes())
	part("people.yaml", f.People.Doc.Bytes())
	part("pathway.yaml", f.Pathway.Doc.Bytes())
	for _, k := range f.Keys {
		if k.Doc == nil {
			return [32]byte{}, false
		}
		part(k.Path, k.Doc.Bytes())
	}
	for _, k := range f.Removals {
		if k.Doc == nil {
			return [32]byte{}, false
		}
		part(k.Path, k.Doc.Bytes())
	}
	names := make([]string, 0, len(f.Seals))
	for name := range f.Seals {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		part("seals/"+name, f.Seals[name])
	}
	for _, x := range f.Findings {
		part("fault", pack(nil, reflect.ValueOf(x)))
	}
	return [32]byte(h.Sum(nil)), true
}

// recall reads what an earlier run kept under the same digest, in order of id.
func (c *Cache) recall(judges [32]byte) []kept {
	name := filepath.Join(c.Dir, cacheName)
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > mostCached {
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	return decode(f, info.Size(), judges)
}

// decode reads what encode gave. size is about how long it is.
func decode(r io.Reader, size int64, judges [32]byte) []kept {
	head := make([]byte, len(cacheMagic)+len(judges)+crc32.Size)
	if _, err := io.ReadFull(r, head); err != nil || !bytes.HasPrefix(head, append([]byte(cacheMagic), judges[:]...)) {
		return nil
	}
	// All that is kept are parts of one text, which is read into its place.
	var text strings.Builder
	text.Grow(int(size))
	sum := crc32.New(castagnoli())
	if _, err := io.Copy(io.MultiWriter(&text, sum), r); err != nil || !bytes.HasSuffix(head, sum.Sum(nil)) {
		return nil
	}
	u := unpacking{rest: text.String()}
	n := u.uint()
	if n > uint64(len(u.rest)) {
		return nil
	}
	out := make([]kept, n)
	for i := range out {
		k := &out[i]
		k.id = u.text(u.uint())
		k.day, k.until = dayNumber(u.uint()), dayNumber(u.uint())
		copy(k.sum[:], u.text(uint64(len(k.sum))))
		k.paths = u.text(u.uint())
		k.fileCount = int(u.uint())
		k.verdict = u.text(u.uint())
		if u.torn || i > 0 && out[i-1].id >= k.id {
			return nil
		}
	}
	if u.rest != "" {
		return nil
	}
	return out
}

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

func encode(judges [32]byte, all []*kept) []byte {
	size := len(cacheMagic) + 64
	for _, k := range all {
		size += len(k.id) + len(k.paths) + len(k.verdict) + 48
	}
	b := make([]byte, 0, size)
	b = append(append(b, cacheMagic...), judges[:]...)
	b = append(b, make([]byte, crc32.Size)...)
	head := len(b)
	b = binary.AppendUvarint(b, uint64(len(all)))
	text := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	for _, k := range all {
		text(k.id)
		b = binary.AppendUvarint(b, uint64(k.day))
		b = binary.AppendUvarint(b, uint64(k.until))
		b = append(b, k.sum[:]...)
		text(k.paths)
		b = binary.AppendUvarint(b, uint64(k.fileCount))
		text(k.verdict)
	}
	binary.BigEndian.PutUint32(b[head-crc32.Size:], crc32.Checksum(b[head:], castagnoli()))
	return b
}

// cacheRun is one run's use of the cache.
type cacheRun struct {
	cache  *Cache
	judges [32]byte
	probe  *os.File // becomes the new cache
	sums   *signatures
	kept   []kept
}

// begin opens the cache for a run; nil where there can be none.
func (c *Cache) begin(f *folder.Folder) *cacheRun {
	if c == nil {
		return nil
	}
	judges, ok := c.judges(f)
	if !ok {
		return nil
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil
	}
	// The name is one that is cleared away should this process be killed.
	probe, err := os.CreateTemp(c.Dir, fmt.Sprintf("tmp-%s-%d-*", cacheName, os.Getpid()))
	if err != nil {
		return nil
	}
	r := &cacheRun{cache: c, judges: judges, probe: probe}
	if _, err = probe.WriteString(cacheMagic); err == nil {
		r.sums, err = newSignatures(c.Root, probe.Name())
	}
	if err != nil {
		r.end()
		return nil
	}
	r.kept = c.recall(judges)
	return r
}

// end drops the run's own file, unless it has become the cache.
func (r *cacheRun) end() {
	if r == nil {
		return
	}
	if r.sums != nil {
		r.sums.close()
	}
	if r.probe != nil {
		_ = r.probe.Close()
		_ = os.Remove(r.probe.Name())
	}
}

// find gives what is kept of a learner, if that still holds. at is about where in the
// list of all it is found.
func (r *cacheRun) find(id string, at int, day date.Date, room *[]byte) *kept {
	if at >= len(r.kept) || r.kept[at].id != id {
		var ok bool
		if at, ok = slices.BinarySearchFunc(r.kept, id, func(k kept, id string) int { return cmp.Compare(k.id, id) }); !ok {
			return nil
		}
	}
	k := &r.kept[at]
	if !k.holds(numberOf(day)) {
		return nil
	}
	sum, b, ok := r.sums.again(k.paths, *room)
	*room = b
	if !ok || sum != k.sum {
		return nil
	}
	return k
}

// keep puts the cache in place of the one before. That it cannot be written is no fault
// of any record.
func (r *cacheRun) keep(judged []judgement) {
	var all []*kept
	for _, j := range judged {
		if j.settled {
			all = append(all, j.kept)
		}
	}
	b := encode(r.judges, all)
	_, err := r.probe.WriteAt(b, 0)
	if err == nil {
		err = r.probe.Close()
	}
	if err == nil {
		err = os.Rename(r.probe.Name(), filepath.Join(r.cache.Dir, cacheName))
	}
	if err == nil {
		r.probe = nil
	}
}
