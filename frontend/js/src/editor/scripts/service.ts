// What the TypeScript service is told of the world a candidate's code runs in: Node, current JavaScript, no packages.

import {
  javascriptDefaults,
  ModuleKind,
  ModuleResolutionKind,
  ScriptTarget,
  typescriptDefaults,
} from "monaco-editor/languages/features/typescript/register";
import { setupJavaScript, setupTypeScript } from "monaco-editor/languages/features/typescript/tsMode";

import type { Script } from "../languages";

/** Enough of Node for a candidate's file to be free of false errors. The browser's library brings console and timers. */
const NODE = `
declare const process: {
  argv: string[]; env: Record<string, string | undefined>; exitCode?: number;
  stdin: any; stdout: { write(text: string): boolean }; stderr: { write(text: string): boolean };
  exit(code?: number): never; cwd(): string; on(event: string, listener: (...args: any[]) => void): void;
  hrtime: { bigint(): bigint }; memoryUsage(): { heapUsed: number; rss: number }; nextTick(callback: () => void): void;
};
declare function require(name: string): any;
declare const module: { exports: any };
declare const exports: any;
declare const global: typeof globalThis;
declare const Buffer: any;
declare const __dirname: string;
declare const __filename: string;
declare function setImmediate(callback: (...args: any[]) => void, ...args: any[]): unknown;
declare module "node:*";
${["assert", "events", "fs", "fs/promises", "os", "path", "perf_hooks", "readline", "readline/promises", "stream", "util"]
  .map((name) => `declare module "${name}";`)
  .join("\n")}
`;

/** Every file is a module: two of them may declare the same name. */
const MODULE_DETECTION_FORCE = 3;

export function start(language: Script): void {
  const defaults = language === "typescript" ? typescriptDefaults : javascriptDefaults;
  defaults.setCompilerOptions({
    allowJs: true,
    allowNonTsExtensions: true,
    allowImportingTsExtensions: true,
    esModuleInterop: true,
    module: ModuleKind.ESNext,
    moduleDetection: MODULE_DETECTION_FORCE,
    moduleResolution: ModuleResolutionKind.NodeJs,
    noEmit: true,
    strict: true,
    target: ScriptTarget.ESNext,
  });
  defaults.setDiagnosticsOptions({
    noSemanticValidation: language === "javascript",
    noSuggestionDiagnostics: true,
    noSyntaxValidation: false,
  });
  defaults.setEagerModelSync(true);
  defaults.addExtraLib(NODE, "file:///node.d.ts");
  if (language === "typescript") setupTypeScript(defaults);
  else setupJavaScript(defaults);
}
