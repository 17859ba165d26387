// Two texts compared, side by side or one in the other. Nothing in it can be edited.

import { editor, Uri } from "monaco-editor/editor";

import { languageNamed, languageOf } from "./languages";
import { EDITOR_OPTIONS } from "./theme";

export interface DiffOptions {
  ariaLabel: string;
  /** One column instead of two. */
  inline?: boolean;
}

let shown = 0;

export class DiffHandle {
  readonly #editor: editor.IStandaloneDiffEditor;

  constructor(
    host: HTMLElement,
    private readonly options: DiffOptions,
  ) {
    const { inline = false } = options;
    this.#editor = editor.createDiffEditor(host, {
      ...EDITOR_OPTIONS,
      diffAlgorithm: "advanced",
      folding: false,
      enableSplitViewResizing: false,
      hideUnchangedRegions: { enabled: true, contextLineCount: 3, minimumLineCount: 3, revealLineCount: 20 },
      lineNumbersMinChars: 3,
      maxComputationTime: 2000,
      originalEditable: false,
      readOnly: true,
      domReadOnly: true,
      renderMarginRevertIcon: false,
      renderOverviewRuler: !inline,
      renderSideBySide: !inline,
      useInlineViewWhenSpaceIsLimited: true,
    });
  }

  /** Compares two texts of one file. An empty language is read off the path. */
  show(path: string, before: string, after: string, language: string): void {
    const id = language === "" ? languageOf(path) : languageNamed(language);
    const side = (name: string, text: string) =>
      editor.createModel(text, id, Uri.from({ scheme: "diff", path: `/${shown}/${name}/${path}` }));
    shown++;
    const former = this.#editor.getModel();
    this.#editor.setModel({ original: side("before", before), modified: side("after", after) });
    former?.original.dispose();
    former?.modified.dispose();
    // The comparison forgets the labels it was created with.
    this.#editor.getOriginalEditor().updateOptions({ ariaLabel: `${this.options.ariaLabel}, before` });
    this.#editor.getModifiedEditor().updateOptions({ ariaLabel: `${this.options.ariaLabel}, after` });
  }

  layout(): void {
    this.#editor.layout();
  }

  dispose(): void {
    const model = this.#editor.getModel();
    this.#editor.dispose();
    model?.original.dispose();
    model?.modified.dispose();
  }
}
