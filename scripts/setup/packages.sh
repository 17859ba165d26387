#!/usr/bin/env bash
# The system's packages: the sandbox's walls, a browser for the stories, and what a candidate expects in a terminal.
set -euo pipefail
source "$(dirname "$0")/../environment.sh"
source "$root/scripts/setup/administrator.sh"

heading "System packages"

missing=()
while read -r command packages; do
  # shellcheck disable=SC2206 # a line may name several packages
  has "$command" || missing+=($packages)
done <<'TABLE'
cc                gcc libc6-dev
/usr/bin/python3  python3
make              make
git               git
pkg-config        pkg-config
mold              mold
brotli            brotli
bwrap             bubblewrap
chromium          chromium fonts-liberation
vim               vim
nano              nano
less              less
ps                procps
TABLE

if ((${#missing[@]})); then
  install_packages "${missing[@]}"
fi

# Debian 12's Node is too old to be worth installing.
offered=$(apt-cache policy nodejs 2>/dev/null | sed -n 's/^ *Candidate: \([0-9]*\)\..*/\1/p' || true)
if ! has npm && ((${offered:-0} >= 20)); then
  install_packages nodejs npm
fi
has npm || stop "Node 20 or later with npm is needed. Install it, from https://nodejs.org for instance, and try again."
node_version=$(node --version)
node_major=${node_version#v}
((${node_major%%.*} >= 20)) ||
  stop "Node 20 or later is needed, and this is $node_version. Install a newer one and try again."
note "All present."
