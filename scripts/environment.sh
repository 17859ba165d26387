# shellcheck shell=bash
# Sourced by every script: where things are. The same values everywhere, or cargo builds everything again.
#
# What is downloaded or compiled lives outside the checkout, so a second checkout starts warm.

source "$(dirname "${BASH_SOURCE[0]}")/voice.sh"

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/interviewlm
cd "$root" || exit 1
mkdir -p "$cache"

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}
export INTERVIEWLM_TOOLS_DIR=${INTERVIEWLM_TOOLS_DIR:-$cache/tools}
export PATH=$root/node_modules/.bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH

# Written by setup/compiler.sh when rustup's own toolchain cannot have the wasm target.
remembered_toolchain=$cache/toolchain
if [[ -r $remembered_toolchain ]]; then
  RUSTUP_TOOLCHAIN=$(<"$remembered_toolchain")
  export RUSTUP_TOOLCHAIN
fi

# The system's own Node comes first, if it is recent enough; candidates' is for whoever has none.
system_node=$(node --version 2>/dev/null) || system_node=v0
system_node=${system_node#v}
if ((${system_node%%.*} < 20)) || ! has npm; then
  export PATH=$root/node_modules/.bin:$INTERVIEWLM_TOOLS_DIR/node/bin:$PATH
fi

# mold links several times faster; a compiler too old to know it falls back to its own linker.
if has mold && echo 'int main(void){return 0;}' | cc -fuse-ld=mold -x c - -o /dev/null 2>/dev/null; then
  export CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS="-C link-arg=-fuse-ld=mold"
fi
