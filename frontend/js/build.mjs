// Bundles the facades into public/vendor/. The names of the entry points, the workers and the style sheets are stable;
// chunks carry a hash.
//
// Monaco imports its CSS file by file, and a chunk each would bring a copy. So scripts are bundled without CSS, and the
// style sheets they met on the way become one file, in the order in which they were met.

import { cp, mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../../public/vendor");
const require = createRequire(import.meta.url);

/** What every bundle shares. */
const common = {
  absWorkingDir: here,
  bundle: true,
  format: "esm",
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  minify: true,
  outdir: out,
  target: "es2022",
};

/** Monaco's own worker module drags in every feature; ours asks `MonacoEnvironment` and nothing else. */
const leanWorkers = {
  name: "lean-workers",
  setup({ onResolve }) {
    onResolve({ filter: /internal\/common\/workers\.js$/ }, () => ({ path: join(here, "src/editor/worker-client.ts") }));
  },
};

/** The style sheets reachable from an entry point, in the order of the imports. */
function styleSheetsOf(metafile, entry) {
  const seen = new Set();
  const visit = (path) => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { path: next, external } of metafile.inputs[path]?.imports ?? []) if (!external) visit(next);
  };
  visit(entry);
  return [...seen].filter((path) => path.endsWith(".css"));
}

async function bundleScripts() {
  const { metafile } = await build({
    ...common,
    entryPoints: { editor: "src/editor.ts", terminal: "src/terminal.ts" },
    chunkNames: "[name]-[hash]",
    loader: { ".css": "empty" },
    plugins: [leanWorkers],
    splitting: true,
  });
  return metafile;
}

function bundleWorkers() {
  return build({
    ...common,
    entryPoints: {
      "editor.worker": require.resolve("monaco-editor/editor/editor.worker"),
      "ts.worker": require.resolve("monaco-editor/languages/features/typescript/ts.worker"),
    },
    // The TypeScript compiler asks for Node's modules only when it runs in Node.
    external: ["fs", "path", "os", "crypto", "inspector", "perf_hooks"],
    logOverride: { "direct-eval": "silent" },
  });
}

function bundleStyleSheet(name, sheets) {
  return build({
    ...common,
    stdin: { contents: sheets.map((sheet) => `@import "./${sheet}";`).join("\n"), loader: "css", resolveDir: here },
    assetNames: "[name]-[hash]",
    loader: { ".ttf": "file" },
    outdir: undefined,
    outfile: join(out, `${name}.css`),
  });
}

/** Latin, its extension and the symbols of Geist; other scripts fall back to the system's fonts. */
async function copyFonts() {
  const fonts = join(out, "fonts");
  await mkdir(fonts, { recursive: true });
  for (const family of ["geist", "geist-mono"]) {
    const files = join(dirname(require.resolve(`@fontsource-variable/${family}/package.json`)), "files");
    for (const subset of ["latin", "latin-ext"]) {
      await cp(join(files, `${family}-${subset}-wght-normal.woff2`), join(fonts, `${family}-${subset}.woff2`));
    }
  }
  const mono = join(dirname(require.resolve("@fontsource-variable/geist-mono/package.json")), "files");
  await cp(join(mono, "geist-mono-symbols2-wght-normal.woff2"), join(fonts, "geist-mono-symbols.woff2"));
}

await rm(out, { recursive: true, force: true });
const metafile = await bundleScripts();
const sheetsOf = (entry) => styleSheetsOf(metafile, entry).map((path) => relative(here, join(here, path)));
await Promise.all([
  bundleWorkers(),
  bundleStyleSheet("editor", sheetsOf("src/editor.ts")),
  bundleStyleSheet("terminal", sheetsOf("src/terminal.ts")),
  copyFonts(),
]);
