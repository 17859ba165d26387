#!/usr/bin/env bash
# Measures what must stay fast.
set -euo pipefail

"$(dirname "$0")/setup.sh"
source "$(dirname "$0")/environment.sh"
heading "Measurements"
cargo bench --workspace --exclude frontend --bench '*'
