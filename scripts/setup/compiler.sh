#!/usr/bin/env bash
# A Rust compiler for both sides, the server's and the browser's.
#
# The normal way is rustup and its wasm target. Where rustup's servers cannot be reached, Debian's compiler builds the
# target's standard library from its own sources, and then compiles both sides: mixing two compilers in one target
# folder would build everything twice.
set -euo pipefail
source "$(dirname "$0")/../environment.sh"
source "$root/scripts/setup/administrator.sh"

target=wasm32-unknown-unknown
oldest=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)

# Whether the compiler now in use is recent enough and can really compile and link for the browser.
is_ready() {
  local version
  version=$(rustc --version 2>/dev/null | awk '{print $2}') && [[ -n $version ]] || return 1
  [[ $(printf '%s\n' "$oldest" "$version" | sort -V | head -1) == "$oldest" ]] || return 1
  echo 'pub fn probe() {}' |
    rustc --crate-type cdylib --target "$target" -o "$cache/probe.wasm" - 2>/dev/null
}

# Ends this step well.
settle() {
  rm -f "$cache/probe.wasm"
  note "$(rustc --version), native and $target${RUSTUP_TOOLCHAIN:+ (toolchain \"$RUSTUP_TOOLCHAIN\")}."
  exit 0
}

# Debian's compiler, whichever way it is reached: through rustup by name, or directly.
use_debian() {
  has rustup && export RUSTUP_TOOLCHAIN=debian
  return 0
}

settle_on_debian() {
  if has rustup; then
    echo debian >"$remembered_toolchain"
    note "Remembered in $remembered_toolchain; delete that file to choose again."
  fi
  settle
}

# Builds the browser's standard library with Debian's compiler and puts it where that compiler looks for it.
build_standard_library() {
  local probe=$cache/std-probe home=/usr/lib/rustlib/$target/lib
  mkdir -p "$probe/src"
  printf '[package]\nname = "std-probe"\nedition = "2024"\n\n[workspace]\n' >"$probe/Cargo.toml"
  : >"$probe/src/lib.rs"
  (
    cd "$probe"
    unset RUSTFLAGS CARGO_BUILD_TARGET
    rm -rf target
    CARGO_TARGET_DIR=target RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc /usr/bin/cargo build --quiet --release \
      -Z build-std=std,panic_abort,proc_macro --target "$target"
  ) || stop "the standard library for $target could not be built. The lines above say why."
  as_root rm -rf "$home"
  as_root mkdir -p "$home"
  find "$probe/target/$target/release/deps" -name '*.rlib' ! -name 'libstd_probe-*' -print0 |
    while IFS= read -r -d '' library; do as_root cp "$library" "$home/"; done
}

heading "Rust compiler"
is_ready && settle

if [[ -r $remembered_toolchain ]]; then
  note "The remembered toolchain no longer works; choosing again."
  rm -f "$remembered_toolchain"
  unset RUSTUP_TOOLCHAIN
  is_ready && settle
fi

if has rustup; then
  if rustup toolchain list 2>/dev/null | grep -q '^debian\b' && (use_debian && is_ready); then
    use_debian
    settle_on_debian
  fi
  note "Asking rustup for $target…"
  timeout 120 rustup target add "$target" >"$cache/rustup.log" 2>&1 && is_ready && settle
  note "That did not work ($(grep -m1 '^error' "$cache/rustup.log" | cut -c 1-100 || echo 'no answer'))."
fi

unset RUSTUP_TOOLCHAIN
advice="Install Rust $oldest or later from https://rustup.rs, run 'rustup target add $target', and try again."
has apt-get || stop "there is no Rust compiler with the target $target, and this is no Debian. $advice"

note "Trying Debian's own compiler."
packages=(rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy rustfmt-web)
[[ $(dpkg-query --show --showformat '${db:Status-Status}\n' "${packages[@]}" 2>/dev/null | grep -cx installed) == "${#packages[@]}" ]] || {
  as_root apt-get -qq update || true
  apt-cache show rustc-web >/dev/null 2>&1 ||
    stop "there is no Rust compiler with the target $target, and this system does not offer the package rustc-web. $advice"
  install_packages "${packages[@]}"
}
# The compiler calls its linker by a name that leads to LLVM's, which is a package of its own.
linker=$(readlink /usr/bin/rust-lld || true)
[[ -z $linker || -e /usr/bin/$linker ]] || install_packages "$(basename "$linker")"
has rustup && ! rustup toolchain list | grep -q '^debian\b' && rustup toolchain link debian /usr
use_debian
if ! is_ready; then
  note "Building the standard library for $target (half a minute)…"
  as_root true || stop "the standard library for $target has to be put into /usr/lib/rustlib, which needs root or sudo."
  build_standard_library
fi
is_ready || stop "Debian's compiler still cannot compile for $target. $advice"
settle_on_debian
