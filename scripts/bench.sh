#!/usr/bin/env bash
# Measures what must stay fast.
set -euo pipefail

"$(dirname "$0")/setup.sh"
source "$(dirname "$0")/environment.sh"
heading "Measurements"
compgen -G '*/benches/*.rs' >/dev/null || {
  note "Nothing is measured yet: no crate has a benches/ folder."
  exit 0
}
cargo bench --workspace --exclude frontend --benches
