// Two texts compared, side by side or one in the other. Nothing in it can be edited.

import { editor, Uri } from "monaco-editor/editor";

import { copiedText } from "./copied";
import { languageNamed, languageOf } from "./languages";
import { EDITOR_OPTIONS } from "./theme";

export interface DiffOptions {
  ariaLabel: string;
  /** One column instead of two. */
  inline?: boolean;
  /** Whether lines have their numbers: a passage does not know its own. */
  numbered?: boolean;
}

let shown = 0;

export class DiffHandle {
  readonly #editor: editor.IStandaloneDiffEditor;
  readonly #listening = new AbortController();

  constructor(
    private readonly host: HTMLElement,
    { ariaLabel, inline = false, numbered = true }: DiffOptions,
  ) {
    this.#editor = editor.createDiffEditor(host, {
      ...EDITOR_OPTIONS,
      diffAlgorithm: "advanced",
      folding: false,
      enableSplitViewResizing: false,
      hideUnchangedRegions: { enabled: true, contextLineCount: 3, minimumLineCount: 3, revealLineCount: 20 },
      // Between the signs in the margin and the text.
      lineDecorationsWidth: 20,
      lineNumbers: numbered ? "on" : "off",
      lineNumbersMinChars: 3,
      maxComputationTime: 2000,
      originalEditable: false,
      readOnly: true,
      domReadOnly: true,
      renderMarginRevertIcon: false,
      renderOverviewRuler: !inline,
      renderSideBySide: !inline,
      useInlineViewWhenSpaceIsLimited: true,
      diffWordWrap: inline ? "on" : "off",
    });
    keepLabel(this.#editor.getOriginalEditor(), `${ariaLabel}, before`);
    keepLabel(this.#editor.getModifiedEditor(), `${ariaLabel}, after`);
    if (inline) {
      // As tall as what it shows; how much that may be is the style's to say.
      this.#editor.getModifiedEditor().onDidContentSizeChange(({ contentHeight, contentHeightChanged }) => {
        if (!contentHeightChanged) return;
        host.style.blockSize = `${contentHeight}px`;
        this.#editor.layout();
      });
    }
  }

  /** Compares two texts of one file. An empty language is read off the path. */
  show(path: string, before: string, after: string, language: string): void {
    const id = language === "" ? languageOf(path) : languageNamed(language);
    const side = (name: string, text: string) =>
      editor.createModel(text, id, Uri.from({ scheme: "diff", path: `/${shown}/${name}/${path}` }));
    shown++;
    // What was nothing has an empty line all the same, and the comparison would show it as removed.
    this.host.dataset.before = before === "" ? "nothing" : "text";
    const former = this.#editor.getModel();
    this.#editor.setModel({ original: side("before", before), modified: side("after", after) });
    former?.original.dispose();
    former?.modified.dispose();
  }

  /** Told of what was copied. */
  onCopy(tell: (text: string) => void): void {
    const copied = () => {
      const sides = [this.#editor.getOriginalEditor(), this.#editor.getModifiedEditor()];
      const text = sides.map(copiedText).find((text) => text !== undefined);
      if (text !== undefined) tell(text);
    };
    this.host.addEventListener("copy", copied, { capture: true, signal: this.#listening.signal });
  }

  layout(): void {
    this.#editor.layout();
  }

  dispose(): void {
    this.#listening.abort();
    const model = this.#editor.getModel();
    this.#editor.dispose();
    model?.original.dispose();
    model?.modified.dispose();
  }
}

/** The comparison takes the labels away whenever its own options change, as with its width. */
function keepLabel(side: editor.ICodeEditor, ariaLabel: string): void {
  const label = () => {
    if (side.getOption(editor.EditorOption.ariaLabel) !== ariaLabel) side.updateOptions({ ariaLabel });
  };
  side.onDidChangeConfiguration(label);
  side.onDidChangeModel(label);
  label();
}
