// A terminal as a screen reader has it: the rows in sight.

import type { Locator } from "@playwright/test";

/** The rows in sight, without the empty ones at the end. */
export async function screenOf(terminal: Locator): Promise<string> {
  const rows = await terminal.getByRole("listitem").allTextContents();
  return rows.map((row) => row.replaceAll("\u00a0", " ").trimEnd()).join("\n").trimEnd();
}
