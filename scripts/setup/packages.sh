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
cc          gcc libc6-dev
make        make
git         git
pkg-config  pkg-config
python3     python3 python3-pip
node        nodejs npm
npm         npm
mold        mold
brotli      brotli
bwrap       bubblewrap
chromium    chromium fonts-liberation
vim         vim
nano        nano
less        less
ps          procps
TABLE

if ((${#missing[@]})); then
  note "Missing: ${missing[*]}"
  install_packages "${missing[@]}"
fi

node_major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
((node_major >= 20)) || stop "Node 20 or later is needed, and this is $(node --version). Install a newer one and try again."
note "All present."
