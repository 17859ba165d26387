#!/usr/bin/env bash
# The browser's scripts: npm's packages, and Monaco and xterm bundled into public/vendor.
set -euo pipefail
source "$(dirname "$0")/../environment.sh"

heading "Scripts of the browser"
# npm writes the hidden lock last; it is as old as the packages are.
if [[ node_modules/.package-lock.json -nt package-lock.json ]]; then
  note "npm's packages are there."
else
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund ||
    stop "npm could not install the packages of package-lock.json. The lines above say why."
  touch node_modules/.package-lock.json
fi

stamp=node_modules/.vendor-built
changed=$(find frontend/js -name node_modules -prune -o -type f -newer "$stamp" -print -quit 2>/dev/null || true)
if [[ -e public/vendor/editor.js && $stamp -nt package-lock.json && -z $changed ]]; then
  note "public/vendor is up to date."
else
  npm run --silent build -w frontend/js || stop "the editor and the terminal could not be bundled. The lines above say why."
  touch "$stamp"
  note "Bundled into public/vendor."
fi
