"""Prints what PyYAML reads, as canonical JSON.

    py-read.py FILE      one line of JSON
    py-read.py FOLDER    one line for each YAML file below it: path, tab, JSON

Canonical: keys sorted, dates as ISO text, whole numbers without a point, no
spaces. The other readers print the same, so that `diff` says where they differ.
"""
import datetime
import json
import os
import sys

import yaml


def plain(value, where):
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise SystemExit(f"{where}: the key {key!r} is not read as text")
        return {key: plain(v, f"{where}.{key}") for key, v in value.items()}
    if isinstance(value, list):
        return [plain(v, f"{where}[{i}]") for i, v in enumerate(value)]
    if isinstance(value, datetime.datetime):
        raise SystemExit(f"{where}: is read as a time of day")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def read(path):
    with open(path, "rb") as f:
        value = plain(yaml.safe_load(f), path)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def below(folder):
    for at, folders, files in os.walk(folder):
        folders[:] = [d for d in folders if d not in (".git", "node_modules")]
        for name in files:
            if name.endswith((".yaml", ".yml")):
                yield os.path.relpath(os.path.join(at, name), folder).replace(os.sep, "/")


def main(path):
    out = os.fdopen(1, "w", encoding="utf-8", newline="\n")
    if not os.path.isdir(path):
        print(read(path), file=out)
        return
    names = sorted(below(path))
    if not names:
        raise SystemExit(f"{path}: no YAML files")
    for name in names:
        print(name, read(os.path.join(path, name)), sep="\t", file=out)


if len(sys.argv) != 2:
    raise SystemExit("usage: py-read.py FILE|FOLDER")
main(sys.argv[1])
