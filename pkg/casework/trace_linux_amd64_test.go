package casework_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// A traced process is stopped at every system call that changes a file system, so
// that a test can kill it there or have the call fail. That is finer than any
// hook in the code, and the code under test is the very program people run.

// calls are the system calls that change files, with their numbers on this machine.
var calls = map[uint64]string{
	1: "write", 18: "pwrite", 257: "openat", 82: "rename", 264: "renameat", 316: "renameat2", 86: "link", 265: "linkat",
	87: "unlink", 263: "unlinkat", 83: "mkdir", 258: "mkdirat", 84: "rmdir", 77: "ftruncate", 91: "fchmod", 268: "fchmodat",
	280: "utimensat", 74: "fsync", 75: "fdatasync",
}

// fault says what becomes of a call.
type fault struct {
	kill  bool
	errno syscall.Errno // 0 lets the call through
}

// trace runs a command and asks at for every changing call, counted from 1. It
// gives the calls made, and how the process ended.
func trace(t *testing.T, cmd *exec.Cmd, at func(n int, call string) fault) (made []string, status syscall.WaitStatus) {
	t.Helper()
	type result struct {
		made   []string
		status syscall.WaitStatus
		err    error
	}
	done := make(chan result)
	go func() {
		runtime.LockOSThread() // a tracer is a thread, and never unlocked: it ends with the goroutine
		var r result
		r.made, r.status, r.err = traced(cmd, at)
		done <- r
	}()
	r := <-done
	if r.err != nil {
		t.Fatalf("trace: %v", r.err)
	}
	return r.made, r.status
}

func traced(cmd *exec.Cmd, at func(n int, call string) fault) (made []string, status syscall.WaitStatus, err error) {
	const wall, noThread, goodSyscall = 0x40000000, 0x20000000, 0x1
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true, Setpgid: true} // a group of its own, so that only it is waited for
	if err := cmd.Start(); err != nil {
		return nil, 0, err
	}
	main := cmd.Process.Pid
	defer cmd.Process.Release()
	if _, err := syscall.Wait4(main, &status, wall, nil); err != nil {
		return nil, 0, fmt.Errorf("wait for the start: %w", err)
	}
	if err := syscall.PtraceSetOptions(main, syscall.PTRACE_O_TRACECLONE|goodSyscall|0x100000); err != nil {
		return nil, 0, fmt.Errorf("set options: %w", err)
	}
	if err := syscall.PtraceSyscall(main, 0); err != nil {
		return nil, 0, err
	}
	inside := map[int]bool{}
	fails := map[int]syscall.Errno{}
	known := map[int]bool{main: true}
	for {
		var ws syscall.WaitStatus
		tid, err := syscall.Wait4(-main, &ws, wall|noThread, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return made, status, fmt.Errorf("wait: %w", err)
		}
		if ws.Exited() || ws.Signaled() {
			if tid == main {
				return made, ws, nil
			}
			continue
		}
		deliver := 0
		switch sig := ws.StopSignal(); {
		case sig == syscall.SIGTRAP|0x80:
			inside[tid] = !inside[tid]
			var regs syscall.PtraceRegs
			if syscall.PtraceGetRegs(tid, &regs) != nil {
				break // killed meanwhile
			}
			if !inside[tid] {
				if no, ok := fails[tid]; ok {
					delete(fails, tid)
					regs.Rax = uint64(-int64(no))
					_ = syscall.PtraceSetRegs(tid, &regs)
				}
				break
			}
			call := changing(tid, regs)
			if call == "" {
				break
			}
			made = append(made, call)
			f := at(len(made), call)
			if f.kill {
				_ = syscall.Kill(main, syscall.SIGKILL)
				break
			}
			if f.errno != 0 {
				fails[tid] = f.errno
				regs.Orig_rax = ^uint64(0)
				_ = syscall.PtraceSetRegs(tid, &regs)
			}
		case sig == syscall.SIGTRAP: // a new thread, an exec
		case sig == syscall.SIGSTOP && !known[tid]:
			known[tid] = true
		default:
			deliver = int(sig)
		}
		_ = syscall.PtraceSyscall(tid, deliver)
	}
}

// changing names a call that is about to change a file; "" for any other.
func changing(tid int, regs syscall.PtraceRegs) string {
	name := calls[regs.Orig_rax]
	switch name {
	case "openat":
		if regs.Rdx&(syscall.O_CREAT|syscall.O_TRUNC) == 0 {
			return ""
		}
	case "write", "pwrite", "fsync", "fdatasync", "ftruncate", "fchmod":
		to, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", tid, int32(regs.Rdi)))
		if err != nil || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "/dev/") || strings.HasPrefix(to, "/proc/") || strings.HasSuffix(to, "/talk") {
			return ""
		}
	}
	return name
}

func canTrace() bool { return true }
