#!/usr/bin/env bash
# Rebuilds and reloads while you edit.
set -euo pipefail

"$(dirname "$0")/setup.sh"
source "$(dirname "$0")/environment.sh"
heading "Watching"
exec cargo leptos watch
