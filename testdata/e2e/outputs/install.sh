#!/usr/bin/env bash
# Installs the readers of our reports and the runners of where validate runs. Does
# nothing where they are there already.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
command -v xmllint    >/dev/null || missing+=(libxml2-utils)
command -v rsync      >/dev/null || missing+=(rsync)
command -v pre-commit >/dev/null || missing+=(pre-commit)
/usr/bin/python3 -c 'import junitparser, yaml' 2>/dev/null || missing+=(python3-junitparser python3-yaml)
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "install these first: ${missing[*]}" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# Two steps may ask for it; the lock file pins every package by its hash.
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
fi
chmod u+x node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool # what its install script does
