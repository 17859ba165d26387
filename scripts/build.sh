#!/usr/bin/env bash
# A release: target/release/server, its hash.txt, and target/site. Cargo's own files stay in the cache.
# With "pages", what browsers get alone, as it is in a release.
set -euo pipefail
source "$(dirname "$0")/environment.sh"

what=${1:-everything}
heading "Release build: $what"
# Two builds at once would rename each other's files.
exec 9>"$cache/build.lock"
flock --nonblock 9 || {
  note "Waiting for another build to end…"
  flock 9
}
# The room and the replay become files of their own, which only their pages fetch.
options=(--release --split --lib-features split)
[[ $what != pages ]] || options+=(--frontend-only)
cargo leptos build "${options[@]}" 9>&-
if [[ $what == pages ]]; then
  note "target/site is ready."
  exit 0
fi

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
