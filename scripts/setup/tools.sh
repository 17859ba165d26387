#!/usr/bin/env bash
# cargo-leptos, which builds both sides, and the wasm-bindgen that fits the lock file. Compiling them takes about a
# quarter of an hour on two cores, once.
set -euo pipefail
source "$(dirname "$0")/../environment.sh"

# The version a tool says it has.
version_of() { "$1" --version 2>/dev/null | awk '{print $2}'; }

# Installs one tool: ready-made where cargo-binstall can fetch it, compiled otherwise.
install_tool() {
  local package=$1 version=$2
  shift 2
  if has cargo-binstall && timeout 180 cargo binstall --no-confirm --force --disable-strategies compile "$package@$version"; then
    return
  fi
  note "Compiling $package $version…"
  CARGO_TARGET_DIR=$cache/tools-build CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=64 \
    cargo install --force "$package" --version "$version" "$@" ||
    stop "$package $version could not be compiled. The lines above say why."
  rm -rf "$cache/tools-build"
}

heading "Build tools"
leptos=0.3.11
bindgen=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/"/, "", $3); print $3 }' Cargo.lock)

# Some crates in its lock file ask for a newer compiler than they need.
[[ $(version_of cargo-leptos) == "$leptos" ]] ||
  install_tool cargo-leptos "$leptos" --locked --ignore-rust-version --features no_downloads
# Its own lock file names a version that cannot always be fetched.
[[ $(version_of wasm-bindgen) == "$bindgen" ]] || install_tool wasm-bindgen-cli "$bindgen"
note "cargo-leptos $leptos, wasm-bindgen $bindgen, wasm-opt $(node_modules/.bin/wasm-opt --version | awk '{print $3}')."
