// The replay in a reviewer's hands: it plays, steps, searches and compares, by keyboard as by mouse.

import { readFile } from "node:fs/promises";

import { expect, expectAccessible, test } from "../stage";
import { Replay } from "../pages/replay";

test("the replay plays, steps, searches, compares and is shared", async ({ candidate, reviewer }) => {
  await candidate.write("def rate_limit(limit, window, requests):\n    return [0 for request in requests]");
  await candidate.shell("echo for the record", "for the record");
  await candidate.run();
  const { at } = await candidate.scene();
  const replay = new Replay(reviewer, candidate.log.interview);
  const { keyboard } = reviewer;
  const button = (name: string) => reviewer.getByRole("button", { name, exact: true });
  const second = async () => Number(await replay.timeline.getAttribute("aria-valuenow"));

  await test.step("it plays at true time, and faster", async () => {
    await replay.open(0);
    expect(await second()).toBe(0);
    await keyboard.press("Space");
    await expect(button("Pause")).toBeVisible();
    await expect.poll(second).toBeGreaterThan(0);
    for (const speed of ["1.5", "2", "4"]) {
      await keyboard.press(">");
      await expect(reviewer.getByRole("combobox", { name: "Speed" })).toHaveValue(speed);
    }
    await keyboard.press("Space");
    await expect(button("Play")).toBeVisible();
    const paused = await second();
    await keyboard.press("<");
    await expect(reviewer.getByRole("combobox", { name: "Speed" })).toHaveValue("2");
    expect(await second()).toBe(paused);
  });

  await test.step("it goes to tenths, moments and single events, in either direction", async () => {
    const last = Number(await replay.timeline.getAttribute("aria-valuemax"));
    await keyboard.press("5");
    await expect.poll(second).toBe(Math.floor(last / 2));
    await replay.timeline.focus();
    await keyboard.press("Home");
    await expect.poll(second).toBe(0);
    await expect.poll(async () => (await replay.scene()).text).not.toContain("return [0 for");
    await keyboard.press("End");
    await expect.poll(async () => (await replay.scene()).text).toContain("return [0 for request in requests]");
    await keyboard.press("Shift+ArrowLeft");
    await expect.poll(second).toBeLessThan(last);
    const earlier = await replay.timeline.getAttribute("aria-valuetext");
    await keyboard.press("Shift+ArrowRight");
    await expect.poll(() => replay.timeline.getAttribute("aria-valuetext")).not.toBe(earlier);
    await replay.open(at);
    const whole = (await replay.scene()).text;
    // Back by one event after the other, until something is missing; and forward again until it is there.
    const steps = async (key: string, done: (text: string) => boolean) => {
      for (let step = 0; step < 400; step += 1) {
        await keyboard.press(key);
        if (done((await replay.scene()).text)) return;
      }
      throw new Error(`${key} never got there`);
    };
    await steps(",", (text) => text !== whole);
    expect(whole).toContain((await replay.scene()).text.trimEnd().slice(0, 40));
    await steps(".", (text) => text === whole);
  });

  await test.step("a moment is found by its name", async () => {
    await keyboard.press("/");
    const search = reviewer.getByLabel("Search moments");
    await expect(search).toBeFocused();
    await keyboard.type("tests:");
    const moments = reviewer.getByRole("region", { name: "Moments" });
    await moments.getByRole("button").filter({ hasText: /test/i }).first().click();
    await expect.poll(async () => (await replay.scene()).cases.length).toBeGreaterThan(0);
    await search.fill("there is nothing of that name");
    await expect(moments.getByRole("button")).toHaveCount(0);
    await expectAccessible(reviewer);
    await search.fill("");
  });

  await test.step("a box to write in keeps its letters, in the code as well", async () => {
    const before = await second();
    await replay.code.getByRole("textbox").first().focus();
    await keyboard.press("Control+F");
    const find = replay.code.getByRole("textbox", { name: "Find" });
    await expect(find).toBeFocused();
    await keyboard.type("a ? 5/2");
    await expect(find).toHaveValue("a ? 5/2");
    expect(await second()).toBe(before);
    await keyboard.press("Escape");
  });

  await test.step("the keys are told", async () => {
    await replay.timeline.focus();
    await keyboard.press("?");
    const dialog = reviewer.getByRole("dialog", { name: "Keyboard shortcuts" });
    await expect(dialog).toBeVisible();
    await expectAccessible(reviewer);
    await keyboard.press("Escape");
    await expect(dialog).toBeHidden();
  });

  await test.step("two moments are compared", async () => {
    await button("Compare").click();
    const dialog = reviewer.getByRole("dialog", { name: "Compare two moments" });
    await dialog.getByLabel("Before", { exact: true }).selectOption({ index: 0 });
    const after = dialog.getByLabel("After", { exact: true });
    await after.selectOption({ index: (await after.locator("option").count()) - 1 });
    await expect(dialog.getByLabel("File", { exact: true })).toHaveValue("solution.py");
    await expect(dialog.locator(".modified-in-monaco-diff-editor .view-lines")).toContainText("request");
    await expect(dialog.locator(".original-in-monaco-diff-editor .view-lines")).not.toContainText("request in requests]");
    await expectAccessible(reviewer);
    await test.info().attach("compare", { body: await reviewer.screenshot(), contentType: "image/png" });
    await after.selectOption({ index: 0 });
    await expect(dialog.getByText("All files are the same at both moments.")).toBeVisible();
    await keyboard.press("Escape");
    await expect(dialog).toBeHidden();
  });

  await test.step("the moment is shared, and the log exported", async () => {
    await reviewer.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await replay.timeline.focus();
    await keyboard.press("5");
    await button("Share moment").click();
    await expect(reviewer.getByText(/^Link to .* copied\.$/)).toBeVisible();
    const link = await reviewer.evaluate(() => navigator.clipboard.readText());
    const there = await second();
    await reviewer.goto(link);
    await expect.poll(second).toBe(there);

    const download = reviewer.waitForEvent("download");
    await button("Export").click();
    const lines = (await readFile(await (await download).path(), "utf8")).trimEnd().split("\n");
    const seen = (await candidate.log.read()).filter((event) => event.at <= at);
    expect(lines.length).toBeGreaterThanOrEqual(seen.length);
    lines.forEach((line, index) => expect(JSON.parse(line).seq).toBe(index));
  });
});
