#!/usr/bin/env bash
# Every check, in the order in which a mistake is cheapest to find. Stops at the first that fails, by name.
set -euo pipefail
source "$(dirname "$0")/voice.sh"

began=$SECONDS
"$(dirname "$0")/setup.sh"
source "$(dirname "$0")/environment.sh"

# Runs one check under its name, and says how long it took.
check() {
  local name=$1 from=$SECONDS
  shift
  heading "$name"
  "$@" || stop "the check \"$name\" failed after $(spoken $((SECONDS - from))): $*"
  note "$name: passed in $(spoken $((SECONDS - from)))."
}

# The image of boxes on a container engine, where the tests ask one; made again when anything in it has changed.
make_image() {
  ((EUID == 0)) && has podman || return 0
  local stamp=$cache/sandbox-image.stamp wanted
  wanted=$(cat scripts/sandbox-image.sh scripts/setup/{node,languages}.sh sandbox/image/* sandbox/src/docker/keeper.py \
    $(find service/languages -type f | sort) | sha256sum)
  if podman image exists localhost/interviewlm-sandbox:latest && [[ $(cat "$stamp" 2>/dev/null) == "$wanted" ]]; then
    note "The image is up to date."
    return 0
  fi
  SANDBOX_ENGINE=podman scripts/sandbox-image.sh
  echo "$wanted" >"$stamp"
}

# The tests of the server's side, by whichever runner there is.
run_tests() {
  if has cargo-nextest; then
    cargo nextest run
  else
    cargo test
  fi
}

# Licences and duplicates, where cargo-deny is installed.
check_dependencies() {
  if has cargo-deny; then
    cargo deny --workspace check licenses bans sources
  else
    note "cargo-deny is not installed; skipped."
  fi
}

# The golden recordings once more, folded by the domain as the browser has it. Cargo runs this in interview/.
run_recordings_in_wasm() {
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER="node tests/wasm/run.mjs" \
    cargo test --quiet -p interview --test wasm --target "$wasm"
}

# In a real browser, with a release's pages and the server that the tests above were built with: compiling the server
# once more would be a quarter of all the time.
run_stories() {
  cp "$CARGO_TARGET_DIR/release/hash.txt" "$CARGO_TARGET_DIR/debug/hash.txt"
  SERVER=$CARGO_TARGET_DIR/debug/server LEPTOS_HASH_FILES=true npm run --silent test -w end2end
}

wasm=wasm32-unknown-unknown
check "Format" cargo fmt --all --check
check "Dependencies" check_dependencies
check "Types of the scripts" npm run --silent check --workspaces --if-present
check "Lints, server's side" cargo clippy --all-targets -- -D warnings
check "Lints, browser's side" cargo clippy -p frontend -p frontend-room -p frontend-replay --target "$wasm" -- -D warnings
check "Image of boxes on a container engine" make_image
check "Unit, property, store, sandbox and API tests" run_tests
check "The same stages in the browser's engine" run_recordings_in_wasm
check "Pages" "$root/scripts/build.sh" pages
check "Browser stories" run_stories

heading "Every check passed ($(spoken $((SECONDS - began))))"
