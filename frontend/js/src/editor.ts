// The editor's facade: Monaco behind a few plain functions, for `app::js`. Strings and numbers go in and out; offsets are
// UTF-16 code units; changes are JSON `[[offset, removed, inserted], …]`. Lines end in LF: a text or a change with CR would
// lose it here, and offsets would drift. It knows nothing of interviews or the network.

import { editor } from "monaco-editor/editor";

import "./editor/features";
import { DiffHandle, type DiffOptions } from "./editor/diff";
import { EditorHandle, type EditorOptions } from "./editor/handle";
import { languageNamed, registerLanguages } from "./editor/languages";
import { defineTheme } from "./editor/theme";
import { defineWorkers } from "./editor/workers";
import { loadStyleSheet, monoFontLoaded } from "./page";

export type { DiffHandle, EditorHandle };
export { languageOf } from "./editor/languages";

defineWorkers();
registerLanguages();
await Promise.all([loadStyleSheet("editor.css"), monoFontLoaded()]);
defineTheme();

/** An editor of several files inside `host`, showing none of them yet. */
export function createEditor(host: HTMLElement, options: EditorOptions): EditorHandle {
  return new EditorHandle(host, options);
}

/** A read-only comparison of two texts inside `host`. */
export function createDiff(host: HTMLElement, options: DiffOptions): DiffHandle {
  return new DiffHandle(host, options);
}

/** `text` as HTML with the theme's classes, every character of it escaped; one `<br/>` ends each line. */
export function colorize(text: string, language: string): Promise<string> {
  return editor.colorize(text, languageNamed(language), { tabSize: 4 });
}
