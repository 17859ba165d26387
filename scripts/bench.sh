#!/usr/bin/env bash
# Measures what must stay fast, and what every page weighs.
set -euo pipefail

"$(dirname "$0")/setup.sh"
source "$(dirname "$0")/environment.sh"
heading "Measurements"
cargo bench --workspace --exclude frontend --bench '*'

"$root/scripts/build.sh"
heading "Weight, in bytes of brotli"
weigh() {
  local name=$1 sum=0 file
  shift
  for file in "$@"; do
    [[ -f $file ]] && sum=$((sum + $(brotli --stdout --quality=11 "$file" | wc -c)))
  done
  printf '    %-44s %9d\n' "$name" "$sum"
}
site=$root/target/site
# The parts that belong to a page, as the build has written them down.
parts() {
  node -e 'const [, file, page] = process.argv;
    for (const part of JSON.parse(require("fs").readFileSync(file))[page]) console.log(part + ".wasm");' \
    "$site"/pkg/__wasm_split_manifest*.json "$1" | sed "s|^|$site/pkg/|"
}
mapfile -t room < <(parts room)
mapfile -t replay < <(parts replay)
weigh "every page: wasm (at most 460800)" "$site"/pkg/interviewlm*.wasm
weigh "room: wasm, all of it" "$site"/pkg/interviewlm*.wasm "${room[@]}"
weigh "replay: wasm, all of it" "$site"/pkg/interviewlm*.wasm "${replay[@]}"
weigh "every page: our JavaScript" "$site"/pkg/*.js
weigh "every page: our CSS" "$site"/pkg/*.css
weigh "room, replay: editor and terminal, JavaScript" "$site"/vendor/{editor,terminal}.js "$site"/vendor/{chunk,service}-*.js
weigh "room, replay: editor and terminal, CSS" "$site"/vendor/*.css
weigh "room: the editor's worker" "$site"/vendor/editor.worker.js
weigh "room: TypeScript's worker, for JS and TS files" "$site"/vendor/ts.worker.js
