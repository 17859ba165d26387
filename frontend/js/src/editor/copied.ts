// What Monaco puts on the clipboard, so that it can be told without reading the clipboard.

import type { editor } from "monaco-editor/editor";

/** The text that a copy takes from an editor; none while the focus is elsewhere. */
export function copiedText(source: editor.ICodeEditor): string | undefined {
  const model = source.getModel();
  if (!model || !source.hasTextFocus()) return undefined;
  const selections = source.getSelections() ?? [];
  const selected = selections.filter((selection) => !selection.isEmpty());
  // With nothing selected, Monaco copies the line.
  const texts =
    selected.length > 0
      ? selected.map((selection) => model.getValueInRange(selection))
      : selections.map((selection) => `${model.getLineContent(selection.positionLineNumber)}\n`);
  return texts.join("\n");
}
