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
# The room and the replay are programs of their own, which their pages fetch instead of this one.
options=(--release --lib-cargo-args=--no-default-features)
[[ $what != pages ]] || options+=(--frontend-only)
cargo leptos build "${options[@]}" 9>&-

# A program's script and wasm, beside the other one's, named by the hash of what is in them; the server reads the hashes.
place_program() {
  local name=$1 folder=$CARGO_TARGET_DIR/programs kind file hash
  note "Putting the program \"$name\" beside the others…"
  wasm-bindgen --target web --no-typescript --out-dir "$folder" "$CARGO_TARGET_DIR/$wasm/wasm-release/$name.wasm"
  # Inlining makes it larger where it counts, on the wire.
  wasm-opt -Oz --one-caller-inline-max-function-size=0 --always-inline-max-function-size=0 --strip-debug --strip-producers \
    "$folder/${name}_bg.wasm" -o "$folder/$name.min.wasm"
  esbuild --log-level=warning --minify --format=esm --outfile="$folder/$name.min.js" "$folder/$name.js"
  for kind in js wasm; do
    file=$folder/$name.min.$kind
    hash=$(sha256sum "$file" | cut -c 1-22)
    cp "$file" "$root/target/site/pkg/$name.$hash.$kind"
    echo "$name-$kind: $hash" >>"$hashes"
  done
}
wasm=wasm32-unknown-unknown
hashes=$CARGO_TARGET_DIR/release/hash.txt
cargo build -p frontend-room -p frontend-replay --profile wasm-release --target "$wasm" 9>&-
sed -i '/^room-/d; /^replay-/d' "$hashes"
place_program room
place_program replay
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
