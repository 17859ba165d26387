#!/usr/bin/env bash
# A release: target/release/server, its hash.txt, and target/site. Cargo's own files stay in the cache.
set -euo pipefail
source "$(dirname "$0")/environment.sh"

heading "Release build"
cargo leptos build --release

release=$root/target/release
if [[ $(realpath -m "$CARGO_TARGET_DIR/release") != $(realpath -m "$release") ]]; then
  mkdir -p "$release"
  for file in server hash.txt; do
    # A copy under a new name, then a rename: the old server may still be running.
    cp "$CARGO_TARGET_DIR/release/$file" "$release/.$file.new"
    mv -f "$release/.$file.new" "$release/$file"
  done
fi
note "target/release/server and target/site are ready."
