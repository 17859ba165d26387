// The files an editor holds: a model each, with what was done to it, where its reader was, and what is marked in it.

import { editor, Uri } from "monaco-editor/editor";

import { type Change, applyChanges, changesOf, difference, loneSurrogates, rangeAt, type Via, viaOf } from "./changes";
import { isScript, languageNamed, languageOf } from "./languages";
import { startScriptService } from "./scripts";

type Edited = (path: string, changes: Change[], via: Via) => void;

class OpenFile {
  readonly #marks = new Map<string, string[]>();
  readonly #subscription;
  viewState: editor.ICodeEditorViewState | null = null;

  constructor(
    public path: string,
    readonly model: editor.ITextModel,
    edited: (file: OpenFile, event: editor.IModelContentChangedEvent) => void,
  ) {
    this.#subscription = model.onDidChangeContent((event) => edited(this, event));
  }

  mark(className: string, ranges: [number, number][]): void {
    const removed = className === "changed-removed";
    const decorations = ranges.map(([start, end]) => ({
      range: rangeAt(this.model, start, end),
      options: {
        description: className,
        ...(removed ? {} : { className }),
        isWholeLine: removed,
        linesDecorationsClassName: `${className}-line`,
      },
    }));
    this.#marks.set(className, this.model.deltaDecorations(this.#marks.get(className) ?? [], decorations));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.model.dispose();
  }
}

let editors = 0;

export class Files {
  readonly #files = new Map<string, OpenFile>();
  /** Two editors on one page may hold files of one name. */
  readonly #folder = `/${editors++}/`;
  #silent = 0;

  constructor(
    private editable: boolean,
    private readonly edited: Edited,
    /** The most that one edit may bring, in UTF-16 code units. */
    private readonly editLimit: number,
    private readonly refused: (path: string) => void,
  ) {}

  /** From now on files can be edited, so changes from outside join their history. There is no way back: history stays. */
  allowEdits(): void {
    if (this.editable) return;
    this.editable = true;
    for (const { model } of this.#files.values()) this.#understand(model.getLanguageId());
  }

  open(path: string, text: string, language: string): void {
    if (this.#files.has(path)) return;
    const id = language === "" ? languageOf(path) : languageNamed(language);
    this.#files.set(path, this.#create(path, text, id));
    this.#understand(id);
  }

  get(path: string): OpenFile | undefined {
    return this.#files.get(path);
  }

  close(path: string): void {
    this.#files.get(path)?.dispose();
    this.#files.delete(path);
  }

  /**
   * Gives a file another name. A model's address is fixed, and what JavaScript and TypeScript import depends on it: there a
   * new model takes over and its undo history begins anew. Elsewhere the model stays, history and all.
   */
  rename(from: string, to: string): OpenFile | undefined {
    const file = this.#files.get(from);
    if (file === undefined || from === to) return file;
    this.close(to);
    this.#files.delete(from);
    const language = languageOf(to);
    let renamed = file;
    if (isScript(language) || isScript(file.model.getLanguageId())) {
      renamed = this.#create(to, file.model.getValue(), language);
      renamed.viewState = file.viewState;
      this.#understand(language);
    } else {
      editor.setModelLanguage(file.model, language);
      file.path = to;
    }
    this.#files.set(to, renamed);
    return renamed;
  }

  apply(path: string, changes: Change[], selections: Parameters<typeof applyChanges>[3]): void {
    const file = this.#files.get(path);
    if (file) this.silently(() => applyChanges(file.model, changes, this.editable, selections));
  }

  replace(path: string, text: string, selections: Parameters<typeof applyChanges>[3]): void {
    const change = difference(this.#files.get(path)?.model.getValue() ?? text, text);
    if (change) this.apply(path, [change], selections);
  }

  /** Whether a change comes from outside at this moment, so that nobody is told of it. */
  get silent(): boolean {
    return this.#silent > 0;
  }

  silently(work: () => void): void {
    this.#silent++;
    try {
      work();
    } finally {
      this.#silent--;
    }
  }

  dispose(): void {
    for (const path of [...this.#files.keys()]) this.close(path);
  }

  #create(path: string, text: string, language: string): OpenFile {
    const model = editor.createModel(text, language, this.#freeUri(path));
    model.setEOL(editor.EndOfLineSequence.LF);
    // Trimming would slip edits of its own into one that comes from outside.
    model.updateOptions({ tabSize: 4, insertSpaces: language !== "go", trimAutoWhitespace: false });
    return new OpenFile(path, model, (file, event) => this.#changed(file, event));
  }

  #understand(language: string): void {
    if (this.editable && isScript(language)) startScriptService(language);
  }

  #freeUri(path: string): Uri {
    let uri = Uri.file(this.#folder + path);
    for (let turn = 1; editor.getModel(uri) !== null; turn++) uri = Uri.file(`${this.#folder}${turn}~/${path}`);
    return uri;
  }

  #changed(file: OpenFile, event: editor.IModelContentChangedEvent): void {
    if (this.silent || event.changes.length === 0) return;
    const changes = changesOf(event);
    const brought = changes.reduce((sum, [, , inserted]) => sum + inserted.length, 0);
    if (brought > this.editLimit) return this.#takeBack(file);
    this.edited(file.path, changes.map(([offset, removed, inserted]) => [offset, removed, whole(inserted)]), viaOf(event));
    if (changes.some(([, , inserted]) => loneSurrogates(inserted).length > 0)) this.#mend(file);
  }

  /** What is larger than a file may be was pasted, dropped or replaced in one piece, and goes in one piece. */
  #takeBack(file: OpenFile): void {
    queueMicrotask(() => this.silently(() => void file.model.undo()));
    this.refused(file.path);
  }

  /** Half a character was told as a replacement character; this makes the text say the same. */
  #mend(file: OpenFile): void {
    const broken = loneSurrogates(file.model.getValue());
    this.apply(file.path, broken.map((offset): Change => [offset, 1, "\ufffd"]), null);
  }
}

function whole(text: string): string {
  let mended = text;
  for (const at of loneSurrogates(text)) mended = `${mended.slice(0, at)}\ufffd${mended.slice(at + 1)}`;
  return mended;
}
