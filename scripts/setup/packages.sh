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
/usr/bin/python   python-is-python3
/usr/bin/pytest   python3-pytest
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
podman            podman
runc              runc
TABLE

if ((${#missing[@]})); then
  install_packages "${missing[@]}"
fi

note "All present."
