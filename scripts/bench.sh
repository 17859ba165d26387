#!/usr/bin/env bash
# Measures what must stay fast, and what every page weighs.
set -euo pipefail

"$(dirname "$0")/setup.sh"
source "$(dirname "$0")/environment.sh"
heading "Measurements"
cargo bench --bench '*'

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
weigh "start, login, dashboard, home: wasm (at most 460800)" "$site"/pkg/interviewlm*.wasm
weigh "start, login, dashboard, home: our JavaScript" "$site"/pkg/interviewlm*.js
for page in room replay; do
  weigh "$page: wasm (at most 460800)" "$site/pkg/$page".*.wasm
  weigh "$page: our JavaScript" "$site/pkg/$page".*.js
done
weigh "every page: our CSS" "$site"/pkg/*.css
weigh "room, replay: editor and terminal, JavaScript" "$site"/vendor/{editor,terminal}.js "$site"/vendor/{chunk,service}-*.js
weigh "room, replay: editor and terminal, CSS" "$site"/vendor/*.css
weigh "room: the editor's worker" "$site"/vendor/editor.worker.js
weigh "room: TypeScript's worker, for JS and TS files" "$site"/vendor/ts.worker.js
