# unbroken FOLDER fails where a file of a record cannot be read, lies wrong, names what is not
# there, or is not what was sealed. What is owed by now (a review, a talk) is no business of a step that is
# about something else.
unbroken() {
  local rules
  rules=$("$SENDCTL" explain --json)
  { "$SENDCTL" --no-input -C "$1" validate --no-cache --json 2>/dev/null || true; } | RULES=$rules python3 -c '
import json, os, sys
hold = {r for g in json.loads(os.environ["RULES"])["groups"] if g["name"] in ("format", "references") for r in g["rules"]}
assert len(hold) > 40, "the rules are not listed"
found = [x for x in json.load(sys.stdin)["findings"] if x["rule"] in hold and x["severity"] == "error"]
for x in found:
    print("%s:%d %s [%s]" % (x["file"], x["span"]["start"]["line"], x["message"], x["rule"]))
sys.exit(1 if found else 0)'
}
