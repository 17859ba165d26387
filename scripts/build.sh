#!/usr/bin/env bash
# A release: target/release/server, its hash.txt, and target/site. Cargo's own files stay in the cache.
set -euo pipefail
source "$(dirname "$0")/environment.sh"

heading "Release build"
# Two builds at once would rename each other's files.
exec 9>"$cache/build.lock"
flock --nonblock 9 || {
  note "Waiting for another build to end…"
  flock 9
}
cargo leptos build --release 9>&-

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
