// Monaco as somebody sees it: the lines that show, from top to bottom.

import type { Locator } from "@playwright/test";

/** The text of an editor whose lines are all in sight. */
export async function textIn(editor: Locator): Promise<string> {
  const lines = await editor.locator(".view-line").evaluateAll((lines) =>
    lines
      .map((line) => ({ top: parseFloat((line as HTMLElement).style.top), text: line.textContent ?? "" }))
      .sort((one, other) => one.top - other.top)
      .map((line) => line.text),
  );
  return lines.join("\n").replaceAll("\u00a0", " ");
}
