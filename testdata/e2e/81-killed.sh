#!/usr/bin/env bash
# Kills sync, handover, receive and purge at random moments with kill -9: the program
# alone, its git going on, or both. The same command is then run again (every other
# time after another act): it finishes or puts back. Nothing is lost, nothing is there
# twice, the trail is proven, validate and git fsck find nothing, and where a killed git
# left a lock, what is said names the file to remove. Prints the counts and the seed.
# Needs no folder.
#     KILLS=300 KILL_SEED=7 KILL_ACTS=purge,sync 81-killed.sh    of each; 60 without
# It ends after KILL_SECONDS (90) in any case, and then says how far it came.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${SENDCTL:=$(cd "$here/../.." && pwd)/bin/sendctl}"
export SENDCTL ANSWERS=$here/../../examples/acts/jude
# In memory where there is such a place: what is tried here is order, not the disk.
if [ -z "${TMPDIR:-}" ] && [ -d /dev/shm ] && [ -w /dev/shm ]; then
  export TMPDIR=/dev/shm
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export work HOME=$work/home GIT_CONFIG_NOSYSTEM=1 TZ=UTC
unset XDG_CONFIG_HOME SSH_AUTH_SOCK
mkdir "$HOME"
git config --global user.name "M. Eyre"
git config --global user.email eyre@example.org
git config --global gc.auto 0
git config --global init.defaultBranch main
git config --global advice.detachedHead false
python3 - <<'PY'
import collections, os, random, re, shutil, signal, subprocess, sys, threading, time

sendctl, work, answers = os.environ["SENDCTL"], os.environ["work"], os.environ["ANSWERS"]
kills = int(os.environ.get("KILLS", "60"))
seed = int(os.environ.get("KILL_SEED", random.randrange(10**6)))
rnd = random.Random(seed)
ends = time.time() + float(os.environ.get("KILL_SECONDS", "90"))
acts = os.environ.get("KILL_ACTS", "sync,handover,receive,purge").split(",")
count = collections.Counter()


class Wrong(Exception):
    pass


def at(*names):
    return os.path.join(work, *names)


def run(*args, cwd=None, good=True):
    p = subprocess.run(args, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if good and p.returncode:
        raise Wrong("%s: exit code %d\n%s" % (" ".join(args), p.returncode, p.stdout))
    return p.stdout if good else (p.returncode, p.stdout)


def s(where, *args, **how):
    return run(sendctl, "--no-input", "-C", at(where), *args, **how)


def git(where, *args, **how):
    return run("git", *args, cwd=at(where), **how)


def contact(where, learner, words, **how):
    return s(where, "contact", learner, "--with", "mum", "--how", "call", "--about", "plan", "--said", words, "--date", "2025-10-12", **how)


def made(where):
    before = set(os.listdir(at(where, "learners"))) if os.path.isdir(at(where, "learners")) else set()
    s(where, "--today", "2025-09-29", "create", "--name", "Jude", "--family-name", "Ashworth", "--born", "2017-03-08", "--teacher", "grimes", "--answers", answers + "/create.yaml")
    learner = (set(os.listdir(at(where, "learners"))) - before).pop()
    contact(where, learner, "An hour and tears.")
    s(where, "plan", learner, "--answers", answers + "/plan-1.yaml")
    return learner


def reviewed(where, learner):
    s(where, "review", learner, "--answers", answers + "/review-1.yaml")


# What every round begins with: two clones that have both gone on, and two schools.
os.mkdir(at("t"))
os.symlink("t", at("r"))  # a place is allowed by its address, which is that of the rounds
s(".", "init", at("t/a"), "--name", "Thornelaw", "--phase", "all-through", "--la", "929", "--estab", "0000", "--id", "eyre", "--role", "senco")
for who, role in ("grimes", "teacher"), ("bell", "teaching-assistant"), ("okafor", "headteacher"):
    s("t/a", "people", "add", who, "--name", "A. Person", "--role", role)
child, other = made("t/a"), made("t/a")
git("t", "init", "-q", "--bare", "shared.git")
git("t/a", "remote", "add", "origin", at("r/shared.git"))
s("t/a", "sync", "allow", "origin", "--because", "Ours.")
s("t/a", "sync")
git("t", "clone", "-q", "shared.git", "b")
git("t/b", "remote", "set-url", "origin", at("r/shared.git"))
s("t/b", "init", ".")
reviewed("t/b", child)
contact("t/b", child, "Theirs.")
s("t/b", "sync")
shutil.copytree(at("t/a"), at("t/alone"))
git("t/alone", "remote", "remove", "origin")
reviewed("t/alone", other)
reviewed("t/alone", child)
contact("t/alone", other, "Only here.")
s("t/a", "note", child, "--date", "2025-10-12", "Ours, into what was sealed there.")
contact("t/a", child, "Ours.")
contact("t/a", other, "Ours, of another.")
s("t", "init", at("t/new"), "--name", "Otherhay", "--phase", "all-through", "--la", "929", "--estab", "0000", "--id", "eyre", "--role", "senco")
shutil.copytree(at("t/alone"), at("t/gone"))
s("t/gone", "handover", child, "--to-name", "Otherhay", "-o", at("t/p.parcel"))
os.remove(at("r"))


def quiet(group):
    while True:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.002)


def killed(args, where, after, whole):
    """Runs a command and kills it; gives its exit code where it was done before."""
    p = subprocess.Popen([sendctl, "--no-input", "-C", at(where), *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    try:
        out, _ = p.communicate(timeout=after)
        return p.returncode, out
    except subprocess.TimeoutExpired:
        pass
    if whole:
        os.killpg(p.pid, signal.SIGKILL)
    else:
        p.kill()
    p.stdout.close()
    p.wait()
    if whole:
        quiet(p.pid)
    return None, ""


def locks(where):
    found = set()
    for top, dirs, files in os.walk(at(where)):
        found.update(os.path.join(top, f) for f in files if f.endswith(".lock") or f == "gc.pid")
    return found


def told(where, out):
    """Removes the lock that a message names, as a person does, once no git is running."""
    for lock in sorted(locks(where) | locks("r/shared.git")):
        if lock in re.sub(r"\s+", " ", out) or lock in re.sub(r"\s+", "", out):
            os.remove(lock)
            count["locks told of"] += 1
            return True
    return False


def again(where, fine, *args):
    """Runs a command until it is done; fine says of a refusal that there is nothing left to do."""
    for _ in range(6):
        code, out = s(where, *args, good=False)
        flat = re.sub(r"\s+", " ", out)
        if "the next command goes on with it" in flat:
            if not told(where, out):
                time.sleep(0.1)  # its git is still at it
                count["not at once"] += 1
            continue
        if code == 0 or fine and re.search(fine, flat):
            return out
        if not told(where, out):
            raise Wrong("%s again: exit code %d\n%s\nlocks: %s" % (" ".join(args), code, out, locks(where)))
    raise Wrong("it never ends: " + out)


def sound(where):
    out = again(where, None, "audit", "verify")
    # Two learners made of one file of answers have one UPN, which is right to be told.
    again(where, r"\[upn-unique\].*: 1 error,", "validate")
    if git(where, "fsck", "--strict", "--no-dangling"):
        raise Wrong("git fsck: " + git(where, "fsck", "--strict", "--no-dangling"))
    if git(where, "status", "--porcelain", "--untracked-files=all"):
        raise Wrong("git status: " + git(where, "status", "--porcelain", "--untracked-files=all"))
    rest = locks(where)
    if rest:
        raise Wrong("locks are left: %s" % rest)
    for name in os.listdir(at(where, ".git/sendctl")):
        if name in ("purge.json", "merging") or name.startswith("act") or name.startswith("cut-off"):
            raise Wrong("%s is left" % name)


def said(where, learner):
    return sorted(re.findall(r"said: (.*)", open(at(where, "learners", learner, "contacts.yaml")).read()))


def want(have, expected, what):
    if have != expected:
        raise Wrong("%s: %s, not %s" % (what, have, expected))


def ref(where, name):
    return git(where, "rev-parse", name).strip()


def one(act, took, whole, between):
    shutil.rmtree(at("r"), ignore_errors=True)
    os.mkdir(at("r"))
    folders = {"sync": ["a", "shared.git"], "handover": ["alone"], "receive": ["new"], "purge": ["alone"]}[act]
    for f in folders:
        shutil.copytree(at("t", f), at("r", f), symlinks=True)
        if f != "shared.git":
            git("r/" + f, "update-index", "-q", "--refresh")
    where = "r/" + folders[0]
    args = {"sync": ["sync"], "handover": ["handover", child, "--to-name", "Otherhay", "-o", at("r/out.parcel")], "receive": ["receive", at("t/p.parcel")],
            "purge": ["purge", child, "--because", "It must go.", "--with", "okafor", "--yes"]}[act]
    fine = {"sync": None, "handover": "already", "receive": "taken in already", "purge": "no learner|There is no|nobody"}[act]
    after = 99 if took is None else took * rnd.random() * 1.1
    began = time.time()
    code, out = killed(args, where, after, whole)
    spent = time.time() - began
    if code not in (None, 0):
        raise Wrong("%s itself: exit code %d\n%s" % (act, code, out))
    if code is None:
        count["%s killed%s" % (act, " with its git" if whole else "")] += 1
    extra = []
    if between:
        words = "After it."
        if act == "receive":
            again(where, None, "people", "add", "moss", "--name", "B. Moss", "--role", "teacher")
        else:
            again(where, None, "contact", other, "--with", "mum", "--how", "call", "--about", "plan", "--said", words, "--date", "2025-10-12")
            extra = [words]
    try:
        if act == "handover":
            for _ in range(4):
                if os.path.exists(at("r/out.parcel")):
                    break
                again(where, None, *args)
            again("r/alone", None, "show", child)
            fresh = at("r/fresh")
            shutil.copytree(at("t/new"), fresh)
            git("r/fresh", "update-index", "-q", "--refresh")
            s("r/fresh", "receive", at("r/out.parcel"))
            sound("r/fresh")
            want(len(os.listdir(at("r/alone/learners", child, "handovers"))), 1, "handovers")
        elif act == "purge":
            if code is None:
                again(where, fine, *args)
            if os.path.exists(at(where, "learners", child)):
                raise Wrong("it is still there")
            if child in git(where, "log", "--all", "--format=%H", "--", "learners/" + child):
                raise Wrong("it is still in the history")
            for line in git(where, "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)").splitlines():
                oid, kind = line.split()
                if kind == "tree" and child in git(where, "ls-tree", oid):
                    raise Wrong("a folder of it is left: " + oid)
            want(len(os.listdir(at(where, "removals"))), 1, "removal records")
            want(said(where, other), sorted(["An hour and tears.", "Only here."] + extra), "the other child's contacts")
        else:
            again(where, fine, *args)
        if act == "sync":
            want(said(where, child), ["An hour and tears.", "Ours.", "Theirs."], "contacts")
            want(said(where, other), sorted(["An hour and tears.", "Ours, of another."] + extra), "the other child's contacts")
            want(ref("r/a", "HEAD"), ref("r/shared.git", "main"), "what stands in the shared place")
            if git("r/shared.git", "fsck", "--strict", "--no-dangling"):
                raise Wrong("git fsck of the shared place")
            cycles = "".join(open(at("r/a/learners", child, "cycles", f)).read() for f in os.listdir(at("r/a/learners", child, "cycles")))
            if "Ours, into what was sealed there." not in cycles:
                raise Wrong("the note is lost")
        if act == "receive":
            want(len(os.listdir(at(where, "learners", child, "arrivals"))), 1, "arrivals")
            want(said(where, child), ["An hour and tears."], "contacts")
        sound(where)
    except FileNotFoundError as e:
        raise Wrong(e)
    return spent


def stale(act, lock):
    """A lock that a killed git left: the act names the file, or does not need it; then it goes on."""
    place = "l/%s-%s" % (act, lock.replace("/", "_"))
    for f in "a", "shared.git":
        shutil.copytree(at("t", f), at(place, f), symlinks=True)
    git(place + "/a", "remote", "set-url", "origin", at(place, "shared.git"))
    git(place + "/a", "update-index", "-q", "--refresh")
    s(place + "/a", "sync", "allow", "origin", "--because", "Ours.")
    args = ["sync"] if act == "sync" else ["purge", child, "--because", "It must go.", "--with", "okafor", "--yes"]
    os.makedirs(os.path.dirname(at(place, lock)), exist_ok=True)
    open(at(place, lock), "w").close()
    code, out = s(place + "/a", *args, good=False)
    if code and at(place, lock) not in out:
        raise Wrong("%s does not name %s: %s" % (act, lock, out))
    os.remove(at(place, lock))
    code2, out = s(place + "/a", *args, good=False)
    if code2 and not (act == "purge" and "no learner" in out):
        raise Wrong("%s after %s: %s" % (act, lock, out))
    sound(place + "/a")
    count["stale locks"] += 1


def every_lock():
    left = [(a, x) for a in ("sync", "purge") if a in acts for x in (
        "a/.git/index.lock", "a/.git/HEAD.lock", "a/.git/refs/heads/main.lock", "a/.git/refs/remotes/origin/main.lock", "a/.git/packed-refs.lock", "shared.git/refs/heads/main.lock")]
    wrong = []

    def one_lock(x):
        try:
            stale(*x)
        except Exception as e:
            wrong.append(e)

    # What is waited for is time, not work: all of them at once.
    threads = [threading.Thread(target=one_lock, args=(x,)) for x in left]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if wrong:
        sys.exit("failed: %s" % wrong[0])


every_lock()
slowest = {}
for act in acts:
    slowest[act] = max(one(act, None, True, False) for _ in range(2))
seconds = time.time()
rounds = 0
try:
    for n in range(kills * 3):
        for i, act in enumerate(acts):
            if count[act + " killed"] + count[act + " killed with its git"] >= kills:
                continue
            if time.time() > ends:
                break
            rounds += 1
            one(act, slowest[act], (n + i) % 2 == 0, n % 4 == 3)
except Wrong as e:
    print("failed: KILL_SEED=%d, round %d: %s: %s" % (seed, rounds, act, e))
    print(dict(count))
    keep = os.environ.get("KILL_KEEP")
    if keep:
        shutil.copytree(at("r"), keep, symlinks=True, dirs_exist_ok=True)
    sys.exit(1)
print("seed %d, %d rounds, %.0f s: %s" % (seed, rounds, time.time() - seconds, ", ".join("%s %d" % x for x in sorted(count.items()))))
if any(count[a + " killed"] + count[a + " killed with its git"] == 0 for a in acts):
    sys.exit("nothing was killed")
PY
