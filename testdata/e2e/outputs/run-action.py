"""Runs the steps of a composite action as GitHub's runner does.

    run-action.py ACTION.YML WORKSPACE TEMP [INPUT=VALUE]...

Each step of bash runs as `bash --noprofile --norc -eo pipefail FILE` in the workspace,
with its env filled in from inputs and from what earlier steps wrote to $GITHUB_OUTPUT.
The log is printed; the outputs of the action are written to TEMP/outputs.json. The exit
code is that of the step that failed.
"""
import json, os, re, subprocess, sys, yaml

action, workspace, temp = sys.argv[1:4]
given = dict(a.split("=", 1) for a in sys.argv[4:])
with open(action) as f:
    spec = yaml.safe_load(f)
unknown = set(given) - set(spec["inputs"])
if unknown:
    sys.exit(f"the action has no input {unknown}")
inputs = {name: given.get(name, str(x.get("default", ""))) for name, x in spec["inputs"].items()}
steps = {}


def filled(text):
    def value(m):
        name = m.group(1)
        if m := re.fullmatch(r"inputs\.([\w-]+)", name):
            return inputs[m.group(1)]
        if m := re.fullmatch(r"steps\.([\w-]+)\.outputs\.([\w-]+)", name):
            return steps.get(m.group(1), {}).get(m.group(2), "")
        sys.exit(f"this runner does not know ${{{{ {name} }}}}")

    return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", value, str(text))


code = 0
for n, step in enumerate(spec["runs"]["steps"]):
    if set(step) - {"id", "shell", "env", "run"} or step["shell"] != "bash":
        sys.exit(f"this runner does not know all of step {n}")
    if "${{" in step["run"]:
        sys.exit(f"step {n}: an input written into a script can be one")
    script, output = os.path.join(temp, f"step{n}.sh"), os.path.join(temp, f"output{n}")
    with open(script, "w") as f:
        f.write(step["run"])
    open(output, "w").close()
    env = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME") or k.startswith(("GO", "GIT_CONFIG"))}
    env |= {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": workspace, "GITHUB_OUTPUT": output, "RUNNER_TEMP": temp, "RUNNER_OS": "Linux"}
    env |= {k: filled(v) for k, v in step.get("env", {}).items()}
    sys.stdout.flush()
    code = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", script], cwd=workspace, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT).returncode
    with open(output) as f:
        steps[step.get("id", "")] = dict(line.split("=", 1) for line in f.read().splitlines())
    if code:
        break
with open(os.path.join(temp, "outputs.json"), "w") as f:
    json.dump({name: filled(x["value"]) for name, x in spec["outputs"].items()}, f)
sys.exit(code)
