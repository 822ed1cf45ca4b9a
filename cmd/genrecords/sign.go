package main

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"crypto/sha1" //nolint:gosec // git's own object names
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/sshkey"
)

// newKey makes the key of the folder's teacher beside its history, and sets git up
// to check signatures by it.
func newKey(dir string) (seal.Signer, error) {
	file, err := filepath.Abs(filepath.Join(dir, ".git", "grimes"))
	if err != nil {
		return nil, err
	}
	c := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file)
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("ssh-keygen: %w", err)
	}
	config := map[string]string{"gpg.format": "ssh", "user.signingkey": file, "gpg.ssh.allowedsignersfile": file + ".allowed"}
	for key, value := range config {
		if err := git("-C", dir, "config", key, value); err != nil {
			return nil, err
		}
	}
	signer, err := sshkey.Find(func(key string) (string, bool) { v, ok := config[strings.ToLower(key)]; return v, ok }, func(string) string { return "" })
	if err != nil {
		return nil, err
	}
	return signer, os.WriteFile(file+".allowed", []byte("grimes@thornelaw.example "+signer.Public()+"\n"), 0o600)
}

// signCommits makes every commit of the branch anew, signed. They go into one pack,
// which git indexes.
func signCommits(dir string, signer seal.Signer) error {
	list, err := exec.Command("git", "-C", dir, "rev-list", "--reverse", "--topo-order", "main").Output()
	if err != nil {
		return fmt.Errorf("git rev-list: %w", err)
	}
	old := strings.Fields(string(list))
	read := exec.Command("git", "-C", dir, "cat-file", "--batch")
	read.Stdin = bytes.NewReader(list)
	out, err := read.StdoutPipe()
	if err != nil {
		return err
	}
	write := exec.Command("git", "-C", dir, "index-pack", "--stdin")
	in, err := write.StdinPipe()
	if err != nil {
		return err
	}
	if err := errors.Join(read.Start(), write.Start()); err != nil {
		return err
	}
	sign := sshkey.CommitSign(signer)
	sum := sha1.New() //nolint:gosec // git's own pack format
	w := bufio.NewWriter(io.MultiWriter(in, sum))
	fmt.Fprintf(w, "PACK%s%s", be(2), be(uint32(len(old))))
	next := map[string]string{}
	r := bufio.NewReader(out)
	last := ""
	for _, id := range old {
		var name, kind string
		var size int
		if _, err := fmt.Fscanf(r, "%s %s %d\n", &name, &kind, &size); err != nil {
			return fmt.Errorf("git cat-file: %w", err)
		}
		raw := make([]byte, size+1)
		if _, err := io.ReadFull(r, raw); err != nil {
			return fmt.Errorf("git cat-file: %w", err)
		}
		signed, err := signedCommit(raw[:size], next, sign)
		if err != nil {
			return err
		}
		last = fmt.Sprintf("%x", sha1.Sum(append([]byte(fmt.Sprintf("commit %d\x00", len(signed))), signed...))) //nolint:gosec // as above
		next[id] = last
		packed(w, signed)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err = in.Write(sum.Sum(nil))
	if err := errors.Join(err, in.Close(), write.Wait(), read.Wait()); err != nil {
		return err
	}
	if err := git("-C", dir, "update-ref", "refs/heads/main", last); err != nil {
		return err
	}
	return git("-C", dir, "reflog", "expire", "--expire=now", "--all")
}

// signedCommit is a commit's bytes with its parents as they are now, and signed.
func signedCommit(raw []byte, next map[string]string, sign func([]byte) ([]byte, error)) ([]byte, error) {
	head, message, _ := bytes.Cut(raw, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	for i, l := range lines {
		if parent, ok := strings.CutPrefix(l, "parent "); ok {
			lines[i] = "parent " + next[parent]
		}
	}
	plain := strings.Join(lines, "\n") + "\n\n" + string(message)
	armored, err := sign([]byte(plain))
	if err != nil {
		return nil, err
	}
	sig := "gpgsig " + strings.ReplaceAll(strings.TrimSuffix(string(armored), "\n"), "\n", "\n ")
	return []byte(strings.Join(lines, "\n") + "\n" + sig + "\n\n" + string(message)), nil
}

func be(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

// packed writes one commit into a pack (gitformat-pack).
func packed(w *bufio.Writer, data []byte) {
	n := len(data)
	c := byte(1<<4 | n&15)
	for n >>= 4; n > 0; n >>= 7 {
		w.WriteByte(c | 0x80)
		c = byte(n & 0x7f)
	}
	w.WriteByte(c)
	z := zlib.NewWriter(w)
	z.Write(data)
	z.Close()
}
