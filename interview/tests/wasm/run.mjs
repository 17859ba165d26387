// Runs a program built for wasm32-unknown-unknown, which has no way to speak: it ends well, or it traps.
//
//   CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER="node tests/wasm/run.mjs" \
//     cargo test -p interview --test wasm --target wasm32-unknown-unknown

import { readFile } from "node:fs/promises";

const program = await WebAssembly.instantiate(await readFile(process.argv[2]), {});
try {
  program.instance.exports.main(0, 0);
  console.log("The golden recordings fold to the same stages in wasm.");
} catch (trap) {
  console.error("A golden recording does not fold to its saved stage in wasm. Does it natively?");
  console.error(trap.stack);
  process.exitCode = 1;
}
