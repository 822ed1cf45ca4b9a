#!/usr/bin/env bash
# What LibreOffice makes of the workbooks and CSV that we write, of learners whose names
# are formulas, numbers and dates: every cell comes out as the text it was, numbers that
# are names (UPN, ULN, URN) whole and with their zeros, dates as dates, and nothing runs.
# openpyxl, which reads by a parser of its own, finds the same, and no cause to warn. Then the other way: what LibreOffice saves, we read as the same list. Needs no folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${SENDCTL:=$(cd "$here/../.." && pwd)/bin/sendctl}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export work HOME=$work GIT_CONFIG_NOSYSTEM=1 TZ=UTC
unset XDG_CONFIG_HOME
git config --global user.name "M. Eyre"
git config --global user.email eyre@example.org
git config --global gc.auto 0
python=$here/python
school=$work/school

fail() {
  printf 'failed: %s\n' "$*" >&2
  exit 1
}
s() { "$SENDCTL" --no-input --today 2026-11-22 -C "$school" "$@"; }
office() { # office FORMAT FILE…: LibreOffice opens each and saves it in $work/opened
  soffice --headless "-env:UserInstallation=file://$work/office" --convert-to "$1" --outdir "$work/opened" "${@:2}" >"$work/said" 2>&1 ||
    { cat "$work/said" >&2; fail "LibreOffice does not open ${*:2}"; }
}

# Learners of whom half have a plan. Their UPNs have the letters by which programs know
# numbers and times; their family names are what office programs act on.
"$python" - >"$work/learners" <<'PY'
names = ["=1+1", "+44 1670 1", "-2+3", "@SUM(1,2)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x.invalid","y")',
         "＝1+1", "1/2", "0012", "1E5", "1-2", "TRUE", "'=1+1", "Mar 5", "O'Neill; \"Ann\", von", "Zoë 李"]
letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
serial = 0
for i, name in enumerate(names):
    want = "AEP"[i % 3]  # 1E5, 7 A, 7 P
    while True:
        rest = "9290000%02d%03d" % (26, serial)
        serial += 1
        if letters[sum(int(c) * (n + 2) for n, c in enumerate(rest)) % 23] == want:
            break
    nine = "%09d" % (100000000 + 7919 * i)
    while sum(int(c) * (10 - n) for n, c in enumerate(nine)) % 11 == 0:
        nine = str(int(nine) + 1)
    uln = nine + str(10 - sum(int(c) * (10 - n) for n, c in enumerate(nine)) % 11)
    print("\t".join([want + rest, uln, "E" if i % 2 else "K", name]))
PY
s init "$school" --name "=Thornelaw" --phase all-through --la 929 --estab 0000 --urn 000017 >/dev/null
while IFS=$'\t' read -r upn uln code name; do
  stage=sen-support-plan
  [ "$code" = K ] || stage=ehcp
  id=$(s --json create --name "=Jo" --given "=Jo" --family-name "$name" --born 2011-05-02 --sex F --upn "$upn" --teacher eyre \
    --joined 2024-09-03 --stage $stage --sen "$code" --since 2025-09-10 --main-need SPLD | sed -n 's/.*"learner": "\([a-z0-9]*\)".*/\1/p')
  [ -n "$id" ] || fail "cannot create a learner"
  sed -i "s/^upn: .*/&\nuln: \"$uln\"/" "$school/learners/$id/identity.yaml"
  printf '%s\t%s\t%s\t%s\t%s\n' "$id" "$upn" "$uln" "$code" "$name" >>"$work/made"
done <"$work/learners"
s validate >"$work/said" 2>&1 || grep -q ': 0 errors\|no errors' "$work/said" || { cat "$work/said"; fail "the folder has errors"; }

cd "$work"
s export annex-a -o "$work/annex.xlsx" >/dev/null
s export sen2 -o "$work/sen2.xlsx" >/dev/null || [ $? = 1 ] # things are missing: codes of ethnicity
s census export --date 2027-01-21 --anyway --format xlsx -o "$work/census.xlsx" >/dev/null 2>&1
s census export --date 2027-01-21 --anyway --format csv -o "$work/safe.csv" >/dev/null 2>&1
s census export --date 2027-01-21 --anyway --format csv --raw -o "$work/raw.csv" >/dev/null 2>&1

office fods annex.xlsx sen2.xlsx census.xlsx
# As a person has it who says yes to everything: comma, UTF-8, numbers and dates found,
# formulas worked out.
soffice --headless "-env:UserInstallation=file://$work/office" --infilter='CSV:44,34,76,1,,0,false,true,false,false,false,0,true' \
  --convert-to fods --outdir "$work/opened" safe.csv raw.csv >"$work/said" 2>&1 || fail "LibreOffice does not open the CSV"

cat >"$work/look.py" <<'PY'
import os, sys, xml.etree.ElementTree as E
work = os.environ["work"]
T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
O = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
X = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

def text(p):
    out = p.text or ""
    for c in p:
        if c.tag == X + "s":
            out += " " * int(c.get(X + "c", "1"))
        else:
            out += text(c)
        out += c.tail or ""
    return out

def sheets(name):
    """name -> rows of (text, type, has a formula), with empty rows and cells at the ends cut."""
    book = {}
    for t in E.parse(f"{work}/opened/{name}.fods").iter(T + "table"):
        rows = []
        for r in t.iter(T + "table-row"):
            cells = []
            for c in r:
                if c.tag not in (T + "table-cell", T + "covered-table-cell"):
                    continue
                cell = ("\n".join(text(p) for p in c.findall(X + "p")), c.get(O + "value-type"), c.get(T + "formula"), c.get(O + "date-value"))
                cells += [cell] * min(int(c.get(T + "number-columns-repeated", "1")), 200)
            while cells and cells[-1][0] == "":
                cells.pop()
            if cells:
                rows.append(cells)
        book[t.get(T + "name")] = rows
    return book

made = [line.rstrip("\n").split("\t") for line in open(f"{work}/made", encoding="utf-8")]
by_id = {m[0]: m for m in made}

def same(what, got, want):
    if got != want:
        sys.exit(f"{what}: {got!r}, not {want!r}")

def table(rows, first):
    """the rows below the heading that begins with first, by heading"""
    at = next(i for i, r in enumerate(rows) if r[0][0] == first)
    heads = [c[0] for c in rows[at]]
    return [dict(zip(heads, r + [("", None, None, None)] * len(heads))) for r in rows[at + 1:]]

def nothing_runs(name, book):
    for sheet, rows in book.items():
        for r in rows:
            for c in r:
                if c[2]:
                    sys.exit(f"{name}, {sheet}: a formula runs: {c}")
                if c[1] == "error":
                    sys.exit(f"{name}, {sheet}: an error: {c}")
PY

"$python" - <<'PY'
import os, sys
sys.path.insert(0, os.environ["work"])
from look import *

book = sheets("annex")
nothing_runs("annex", book)
same("its sheets", list(book), ["List 1 EHC plans", "List 2 SEN support", "Data dictionary"])
for sheet, code in ("List 1 EHC plans", "E"), ("List 2 SEN support", "K"):
    rows = table(book[sheet], "Unique ID")
    same(sheet, sorted(r["Unique ID"][0] for r in rows), sorted(m[0] for m in made if m[3] == code))
    for r in rows:
        m = by_id[r["Unique ID"][0]]
        same("UPN", r["UPN"][:2], (m[1], "string"))
        same("ULN", r["ULN"][:2], (m[2], "string"))
        same("URN", r["Main education establishment – URN"][:2], ("000017", "string"))
        same("born", (r["Date of birth"][1], r["Date of birth"][3], r["Date of birth"][0]), ("date", "2011-05-02", "2011-05-02"))
    heads = {c["Column"][0] for c in table(book["Data dictionary"], "Sheet") if c["Sheet"][0] == sheet}
    same("columns told of", heads, set(rows[0]))

book = sheets("sen2")
nothing_runs("sen2", book)
same("its sheets", list(book), ["Learners", "Requests", "Missing", "Data dictionary"])
rows = table(book["Learners"], "Learner")
same("with a plan", len(rows), sum(m[3] == "E" for m in made))
for r in rows:
    m = by_id[r["Learner"][0]]
    same("name", (r["Surname"][:2], r["Forename"][:2]), ((m[4], "string"), ("=Jo", "string")))
    same("UPN", r["UPN"][:2], (m[1], "string"))

book = sheets("census")
nothing_runs("census", book)
rows = table(next(iter(book.values())), "Surname")
same("pupils", len(rows), len(made))
for r in rows:
    m = by_id[r["Learner"][0]]
    same("name", r["Surname"][:2], (m[4], "string"))
    same("numbers", (r["UPN"][:2], r["ULN"][:2]), ((m[1], "string"), (m[2], "string")))
    same("born", r["Date of birth"][3], "2011-05-02")

# The CSV: a text may have our apostrophe before it, and is whole behind it.
book = sheets("safe")
nothing_runs("safe", book)
rows = table(next(iter(book.values())), "Surname")
same("pupils", len(rows), len(made))
for r in rows:
    m = by_id[r["Learner"][0].removeprefix("'")]
    if r["Surname"][1] != "string" or r["Surname"][0] not in (m[4], "'" + m[4]):
        sys.exit(f"safe.csv: {m[4]!r} is shown as {r['Surname']!r}")
    same("forename", r["Forename"][:2], ("'=Jo", "string"))
    same("UPN", r["UPN"][:2], (m[1], "string"))
    same("ULN", r["ULN"][0], m[2])
    same("born", r["Date of birth"][3], "2011-05-02")

# That this looks at anything: written for programs, the same table does run here.
if not any(c[2] for rows in sheets("raw").values() for r in rows for c in r):
    sys.exit("LibreOffice runs no formula of a CSV at all, so that nothing was shown")
PY

# The same by another reader, whose types are those that the file says, not those it makes
# of a text. A python3 from elsewhere does not see Debian's openpyxl; the system's does.
openpyxl=
for p in python3 /usr/bin/python3; do
  if [ -z "$openpyxl" ] && "$p" -c 'import openpyxl' 2>/dev/null; then openpyxl=$p; fi
done
[ -n "$openpyxl" ] || fail "no python3 with openpyxl; run testdata/e2e/install.sh"
"$openpyxl" -W error - <<'PY'
import datetime, os, sys
import openpyxl

work = os.environ["work"]
with open(f"{work}/made", encoding="utf-8") as lines:
    made = {m[0]: m for m in (line.rstrip("\n").split("\t") for line in lines)}

def same(what, got, want):
    if got != want:
        sys.exit(f"openpyxl, {what}: {got!r}, not {want!r}")

seen = 0
for name, key in ("annex", "Unique ID"), ("sen2", "Learner"), ("census", "Learner"):
    book = openpyxl.load_workbook(f"{work}/{name}.xlsx")
    same("who made it", (book.properties.creator, book.properties.lastModifiedBy), ("sendctl", None))
    same("the sheet shown", book.active.title, book.sheetnames[0])
    same("the last sheet", book.sheetnames[-1], "Data dictionary")
    for sheet in book:
        what = f"{name}, {sheet.title}"
        head = int(sheet.freeze_panes[1:]) - 1
        end = openpyxl.utils.get_column_letter(sheet.max_column)
        same(f"{what}: frozen", sheet.freeze_panes, f"A{head + 1}")
        same(f"{what}: filter", sheet.auto_filter.ref, f"A{head}:{end}{max(sheet.max_row, head)}")
        heads = [c.value for c in sheet[head]]
        for c in sheet[head]:
            same(f"{what}: heading {c.coordinate}", (c.font.b, c.alignment.wrap_text, c.border.bottom.style), (True, True, "thin"))
        for row in sheet.iter_rows(min_row=head + 1):
            for c in row:
                if c.data_type not in "snd" or c.data_type == "s" and c.number_format != "@":
                    sys.exit(f"openpyxl, {what}: {c.coordinate} is of type {c.data_type} in the format {c.number_format}")
            cells = dict(zip(heads, row))
            if key not in cells or "UPN" not in cells:
                continue
            m = made[cells[key].value]
            seen += 1
            if name != "annex":
                same(f"{what}: name", cells["Surname"].value, m[4])
            same(f"{what}: UPN", (cells["UPN"].value, cells["UPN"].data_type), (m[1], "s"))
            if name != "sen2":
                same(f"{what}: ULN", (cells["ULN"].value, cells["ULN"].data_type), (m[2], "s"))
                same(f"{what}: born", (cells["Date of birth"].value, cells["Date of birth"].number_format), (datetime.datetime(2011, 5, 2), "yyyy-mm-dd"))
same("rows of learners in all", seen, 2 * len(made) + sum(m[3] == "E" for m in made.values()))
PY

# As CSV, all sheets: what a person sends on.
office 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1' annex.xlsx
for list in "List 1 EHC plans" "List 2 SEN support" "Data dictionary"; do
  [ -s "$work/opened/annex-$list.csv" ] || fail "no sheet $list"
done
while IFS=$'\t' read -r id upn uln code name; do
  list="List 1 EHC plans"
  [ "$code" = E ] || list="List 2 SEN support"
  grep -q "^$id,$upn,$uln,2011-05-02,F,.*,000017,all through," "$work/opened/annex-$list.csv" || fail "$id is not whole in $list"
done <"$work/made"

# The other way: what LibreOffice saves of our workbook as one of its own is read as the
# same pupils that the folder has.
mkdir "$work/saved"
soffice --headless "-env:UserInstallation=file://$work/office" --convert-to 'xlsx:Calc MS Excel 2007 XML' --outdir "$work/saved" census.xlsx >"$work/said" 2>&1 ||
  fail "LibreOffice does not save the workbook"
s census diff --date 2027-01-21 --against "$work/saved/census.xlsx" >"$work/said" 2>&1 || { cat "$work/said"; fail "what LibreOffice saved is another list"; }
grep -q "No difference: $(wc -l <"$work/made") learners are alike" "$work/said" || { cat "$work/said"; fail "not all were compared"; }
echo "$(wc -l <"$work/made") learners, 3 workbooks and a CSV: nothing runs, every number is whole"
