// One editor: several files, one of them shown. It tells of local edits only; what is applied from outside stays silent.

import { editor, type IDisposable, Selection } from "monaco-editor/editor";

import type { Change, Via } from "./changes";
import { copiedText } from "./copied";
import { Files } from "./files";
import { commandOf } from "./keys";
import { EDITOR_OPTIONS } from "./theme";

export interface EditorOptions {
  readOnly: boolean;
  ariaLabel: string;
  /** The most that one edit may bring, in UTF-16 code units. */
  editLimit: number;
}

const SELECTIONS_EVERY_MS = 100;
const PASTE_LASTS_MS = 1000;

export class EditorHandle {
  readonly #editor: editor.IStandaloneCodeEditor;
  readonly #files: Files;
  readonly #owned: IDisposable[] = [];
  readonly #listening = new AbortController();
  #shown: string | undefined;
  #readOnly: boolean;

  #tellEdit: ((path: string, changesJson: string, via: string) => void) | undefined;
  #tellTooLarge: ((path: string) => void) | undefined;
  #tellSelect: ((path: string, rangesJson: string) => void) | undefined;
  #tellPaste: ((text: string) => void) | undefined;
  #tellCopy: ((text: string) => void) | undefined;
  #tellCommand: ((name: string) => void) | undefined;

  #pastedAt = -PASTE_LASTS_MS;
  #toldSelection = "";
  #selectionTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: HTMLElement,
    options: EditorOptions,
  ) {
    this.#readOnly = options.readOnly;
    const edited = (path: string, changes: Change[], via: Via) => {
      if (via === "paste") this.#pasted(changes);
      this.#tellEdit?.(path, JSON.stringify(changes), via);
    };
    this.#files = new Files(!options.readOnly, edited, options.editLimit, (path) => this.#tellTooLarge?.(path));
    this.#editor = editor.create(host, {
      ...EDITOR_OPTIONS,
      ariaLabel: options.ariaLabel,
      ariaContainerElement: host,
      readOnly: options.readOnly,
      domReadOnly: options.readOnly,
      model: null,
    });
    this.#owned.push(
      this.#editor.onDidChangeCursorSelection(() => {
        if (!this.#files.silent) this.#selectionMoved();
      }),
    );
    this.#listen("keydown", (event) => this.#keyPressed(event));
    this.#listen("paste", (event) => this.#clipboardPasted(event));
    this.#listen("copy", () => this.#copied());
    this.#listen("cut", () => this.#copied());
  }

  // Files

  /** Holds a file from now on, without showing it. An empty language is read off the path. */
  openFile(path: string, text: string, language: string): void {
    this.#files.open(path, text, language);
  }

  /** Shows a file where its reader left it, and focuses it unless it is only to be read. */
  showFile(path: string): void {
    const file = this.#files.get(path);
    if (!file) return;
    if (this.#shown !== path) {
      this.#keepViewState();
      this.#shown = path;
      this.#files.silently(() => {
        this.#editor.setModel(file.model);
        this.#editor.restoreViewState(file.viewState);
      });
    }
    if (!this.#readOnly) this.#editor.focus();
  }

  closeFile(path: string): void {
    if (this.#shown === path) this.#hide();
    this.#files.close(path);
  }

  renameFile(from: string, to: string): void {
    if (from === to || !this.#files.get(from)) return;
    const shown = this.#shown === from;
    const focused = this.#editor.hasTextFocus();
    if (this.#shown === to) this.#hide();
    if (shown) this.#keepViewState();
    const former = this.#files.get(from);
    const renamed = this.#files.rename(from, to);
    if (shown && renamed) {
      this.#shown = to;
      this.#files.silently(() => {
        this.#editor.setModel(renamed.model);
        this.#editor.restoreViewState(renamed.viewState);
      });
      if (focused) this.#editor.focus();
    }
    if (former !== renamed) former?.dispose();
  }

  hasFile(path: string): boolean {
    return this.#files.get(path) !== undefined;
  }

  /** The text of a file; empty when there is no such file. */
  textOf(path: string): string {
    return this.#files.get(path)?.model.getValue() ?? "";
  }

  // Changes from outside

  /** Applies changes in order. Nobody is told; the cursor stays with the text it stood in; undo takes them back too. */
  applyRemote(path: string, changesJson: string): void {
    this.#files.apply(path, JSON.parse(changesJson) as Change[], this.#selectionsIn(path));
  }

  /** Makes a file say `text`, by the shortest change that does it. Nobody is told. */
  setText(path: string, text: string): void {
    this.#files.replace(path, text, this.#selectionsIn(path));
  }

  // What is told

  onEdit(tell: (path: string, changesJson: string, via: string) => void): void {
    this.#tellEdit = tell;
  }

  /** Told of an edit that brought too much and was taken back. */
  onTooLarge(tell: (path: string) => void): void {
    this.#tellTooLarge = tell;
  }

  /** `[[anchor, head], …]`, at most ten times a second. */
  onSelect(tell: (path: string, rangesJson: string) => void): void {
    this.#tellSelect = tell;
  }

  /** Told before the edit it causes. */
  onPaste(tell: (text: string) => void): void {
    this.#tellPaste = tell;
  }

  /** Told of what was copied or cut. */
  onCopy(tell: (text: string) => void): void {
    this.#tellCopy = tell;
  }

  /** `run save terminal assistant files submit keys`. Until somebody listens, the keys keep their usual meaning. */
  onCommand(tell: (name: string) => void): void {
    this.#tellCommand = tell;
  }

  // What is seen

  /** Selects `[[anchor, head], …]` in the file shown; in any other it does nothing. */
  select(path: string, rangesJson: string): void {
    const model = this.#shown === path ? this.#editor.getModel() : null;
    if (!model) return;
    const selections = (JSON.parse(rangesJson) as [number, number][]).map(([anchor, head]) =>
      Selection.fromPositions(model.getPositionAt(anchor), model.getPositionAt(head)),
    );
    if (selections.length > 0) this.#files.silently(() => this.#editor.setSelections(selections));
  }

  /** Scrolls to an offset of the file shown, if it is out of sight. */
  revealOffset(path: string, offset: number): void {
    const model = this.#shown === path ? this.#editor.getModel() : null;
    if (model) this.#editor.revealPositionInCenterIfOutsideViewport(model.getPositionAt(offset));
  }

  /** Marks `[[start, end], …]` as `changed-added` or `changed-removed`, in place of the marks of that name before. */
  highlight(path: string, rangesJson: string, className: string): void {
    this.#files.get(path)?.mark(className, JSON.parse(rangesJson) as [number, number][]);
  }

  setReadOnly(readOnly: boolean): void {
    this.#readOnly = readOnly;
    if (!readOnly) this.#files.allowEdits();
    this.#editor.updateOptions({ readOnly, domReadOnly: readOnly });
  }

  focus(): void {
    this.#editor.focus();
  }

  layout(): void {
    this.#editor.layout();
  }

  dispose(): void {
    clearTimeout(this.#selectionTimer);
    this.#listening.abort();
    for (const owned of this.#owned) owned.dispose();
    this.#editor.dispose();
    this.#files.dispose();
  }

  // Inside

  #listen<K extends "keydown" | "paste" | "copy" | "cut">(kind: K, told: (event: HTMLElementEventMap[K]) => void): void {
    this.host.addEventListener(kind, told, { capture: true, signal: this.#listening.signal });
  }

  #hide(): void {
    this.#keepViewState();
    this.#shown = undefined;
    this.#editor.setModel(null);
  }

  #keepViewState(): void {
    const file = this.#shown === undefined ? undefined : this.#files.get(this.#shown);
    if (file) file.viewState = this.#editor.saveViewState();
  }

  #selectionsIn(path: string): Selection[] | null {
    return this.#shown === path ? this.#editor.getSelections() : null;
  }

  #selectionMoved(): void {
    this.#selectionTimer ??= setTimeout(() => {
      this.#selectionTimer = undefined;
      this.#tellSelection();
    }, SELECTIONS_EVERY_MS);
  }

  #tellSelection(): void {
    const model = this.#editor.getModel();
    if (!model || this.#shown === undefined) return;
    const ranges = (this.#editor.getSelections() ?? []).map((selection) => [
      model.getOffsetAt({ lineNumber: selection.selectionStartLineNumber, column: selection.selectionStartColumn }),
      model.getOffsetAt(selection.getPosition()),
    ]);
    const json = JSON.stringify(ranges);
    if (this.#toldSelection === this.#shown + json) return;
    this.#toldSelection = this.#shown + json;
    this.#tellSelect?.(this.#shown, json);
  }

  #keyPressed(event: KeyboardEvent): void {
    const command = commandOf(event);
    if (command === undefined || !this.#tellCommand) return;
    event.preventDefault();
    event.stopPropagation();
    this.#tellCommand(command);
  }

  /** The browser tells of a paste before Monaco acts on it. */
  #clipboardPasted(event: ClipboardEvent): void {
    if (!this.#editor.hasTextFocus()) return;
    this.#pastedAt = performance.now();
    const text = event.clipboardData?.getData("text/plain") ?? "";
    this.#tellPaste?.(text.replaceAll(/\r\n?/g, "\n"));
  }

  /** A paste from Monaco's own menu has no event in the browser. */
  #pasted(changes: Change[]): void {
    if (performance.now() - this.#pastedAt < PASTE_LASTS_MS) return;
    this.#tellPaste?.(changes.map(([, , inserted]) => inserted).join("\n"));
  }

  #copied(): void {
    const text = copiedText(this.#editor);
    if (text !== undefined) this.#tellCopy?.(text);
  }
}
