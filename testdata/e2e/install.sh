#!/usr/bin/env bash
# Installs what the steps compare sendctl with. Does nothing where it is there
# already, so that it can run before every step.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
command -v python3    >/dev/null || missing+=(python3)
command -v tmux       >/dev/null || missing+=(tmux)
command -v ssh-keygen >/dev/null || missing+=(openssh-client)
command -v zbarimg    >/dev/null || missing+=(zbar-tools)
command -v age        >/dev/null || missing+=(age)
command -v soffice    >/dev/null || missing+=(libreoffice-calc-nogui)
python3 -c 'import yaml' 2>/dev/null || missing+=(python3-yaml)
{ python3 -c 'import openpyxl' || /usr/bin/python3 -c 'import openpyxl'; } 2>/dev/null || missing+=(python3-openpyxl)
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "install these first: ${missing[*]}" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
# A python3 from elsewhere does not see Debian's python3-yaml; the system's does.
./python -c 'import yaml' || { echo "no python3 here can import yaml" >&2; exit 1; }

# node_modules is ignored by git; the lock file pins every package by its hash.
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
fi
