// Changes as they travel: `[offset, removed, inserted]`, each relative to the text the one before it left behind.

import { type editor, Range } from "monaco-editor/editor";

export type Change = [offset: number, removed: number, inserted: string];

/** How a local edit came about. */
export type Via = "typing" | "paste" | "completion" | "undo" | "redo" | "format";

/** What an edit did, in Monaco's order: from the end of the text to its start, so that they apply one after the other. */
export function changesOf(event: editor.IModelContentChangedEvent): Change[] {
  return event.changes.map(({ rangeOffset, rangeLength, text }) => [rangeOffset, rangeLength, text]);
}

/** Monaco says why a text changed, though its types do not mention it. */
interface Reasoned {
  readonly detailedReasons?: readonly { readonly metadata: { source: string; kind?: string; name?: string } }[];
}

/** How an edit came about, as far as Monaco tells; what it does not tell was typed. */
export function viaOf(event: editor.IModelContentChangedEvent): Via {
  if (event.isUndoing) return "undo";
  if (event.isRedoing) return "redo";
  const reason = (event as Reasoned).detailedReasons?.[0]?.metadata;
  switch (reason?.source) {
    case "cursor":
      return reason.kind === "paste" ? "paste" : "typing";
    case "suggest":
    case "snippet":
    case "inlineCompletionAccept":
    case "inlineCompletionPartialAccept":
      return "completion";
    case "rename":
    case "codeAction":
    case "applyEdits":
      return "format";
    case "unknown":
      if (reason.name?.startsWith("suggestController")) return "completion";
      return reason.name === "formatEditsCommand" || reason.name === "pushEditOperation" ? "format" : "typing";
    default:
      return "typing";
  }
}

/** Applies changes in order. With `undo` they join the local history, whose own offsets stay right that way. */
export function applyChanges(model: editor.ITextModel, changes: Change[], undo: boolean, selections: Selections): void {
  if (undo) model.pushStackElement();
  for (const [offset, removed, inserted] of changes) {
    const edit = { range: rangeAt(model, offset, offset + removed), text: inserted, forceMoveMarkers: false };
    if (undo) model.pushEditOperations(selections, [edit], () => null);
    else model.applyEdits([edit]);
  }
  if (undo) model.pushStackElement();
}

type Selections = Parameters<editor.ITextModel["pushEditOperations"]>[0];

/** The one change that turns `before` into `after`, as short as it can be without cutting a character in two. */
export function difference(before: string, after: string): Change | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (start > 0 && isHighSurrogate(before.charCodeAt(start - 1))) start--;
  let end = 0;
  while (end < shorter - start && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) {
    end++;
  }
  if (end > 0 && isLowSurrogate(before.charCodeAt(before.length - end))) end--;
  return [start, before.length - end - start, after.slice(start, after.length - end)];
}

/** Where a text holds half a character, which no encoding can carry. */
export function loneSurrogates(text: string): number[] {
  const found: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(at + 1))) at++;
    else if (isHighSurrogate(unit) || isLowSurrogate(unit)) found.push(at);
  }
  return found;
}

/** The range between two offsets. */
export function rangeAt(model: editor.ITextModel, start: number, end: number): Range {
  return Range.fromPositions(model.getPositionAt(start), model.getPositionAt(end));
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
