// Where a pasted text comes from: the recording says it, as far as the room knows.

import type { Locator } from "@playwright/test";

import { expect, test } from "../stage";

test("a paste says where its text came from", async ({ candidate }) => {
  const { page, log } = candidate;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const pasted = async () => (await log.read()).filter(({ kind, body }) => kind === "editor.edited" && body.via === "paste");

  /** Pastes at the end of the file; where the log says that it came from. */
  const source = async (): Promise<unknown> => {
    const before = (await pasted()).length;
    await candidate.focusEditor();
    await page.keyboard.press("Control+End");
    await page.keyboard.press("Control+V");
    await expect.poll(async () => (await pasted()).length).toBe(before + 1);
    return (await pasted()).at(-1)?.body.from;
  };
  const copy = async (place: Locator) => {
    await place.click({ clickCount: 3 });
    await page.keyboard.press("Control+C");
  };

  await candidate.write("first = 1");
  await page.keyboard.press("Control+C");
  expect(await source()).toBe("editor");

  await page.evaluate(() => navigator.clipboard.writeText("from somewhere else"));
  expect(await source()).toBe("outside");

  // A detour through one of the room's boxes makes nothing the candidate's own.
  await candidate.tab("Assistant");
  await page.evaluate(() => navigator.clipboard.writeText("from somewhere else again"));
  await candidate.message.focus();
  await page.keyboard.press("Control+V");
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Control+X");
  expect(await source()).toBe("outside");

  // The problem is the room's, and no place of the log's.
  await candidate.tab("Problem");
  await copy(page.getByRole("tabpanel", { name: "Problem" }).locator(".case-body pre").first());
  expect(await source()).toBeUndefined();

  await candidate.shell("echo from_the_shell", "from_the_shell");
  const row = candidate.terminal.locator(".xterm-screen");
  const { x, y, height } = (await row.boundingBox())!;
  const lines = (await candidate.screen()).split("\n");
  const rows = await candidate.terminal.getByRole("listitem").count();
  await page.mouse.dblclick(x + 20, y + (height / rows) * (lines.lastIndexOf("from_the_shell") + 0.5));
  await page.keyboard.press("Control+C");
  expect(await source()).toBe("terminal");

  await candidate.write("answer = 41");
  await candidate.ask("In solution.py, replace `41` with `42`");
  const proposal = page.getByRole("region", { name: "Change to solution.py" });
  await copy(proposal.locator(".edit-diff .modified .view-line").first());
  expect(await source()).toBe("assistant");
  await proposal.getByRole("button", { name: "Reject" }).click();
  await candidate.answered();
  await candidate.tab("Assistant");
  await copy(candidate.conversation.getByRole("article").last().locator(".markdown-block").last());
  expect(await source()).toBe("assistant");
});
