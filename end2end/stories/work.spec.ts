// A candidate at work: files, panels, keys, searching, questions one after the other.

import { enter, expect, expectAccessible, test } from "../stage";
import { Replay } from "../pages/replay";

test("files come, go and change their names, by keys and by menu; panels take the size they are given", async ({ candidate }) => {
  const { page, files } = candidate;
  const name = (field: string) => page.getByRole("textbox", { name: field });

  await page.getByRole("button", { name: "New file" }).click();
  await name("Name of the new file").fill("notes/plan.md");
  await page.keyboard.press("Enter");
  await expect(candidate.openTab("plan.md")).toHaveAttribute("aria-selected", "true");
  await candidate.write("first read, then write");

  await candidate.file("plan.md").press("F2");
  await expect(name("New name")).toBeFocused();
  await name("New name").fill("notes/solution.py");
  await page.keyboard.press("Escape");
  await candidate.file("plan.md").press("F2");
  await name("New name").fill("notes/ideas.md");
  await page.keyboard.press("Enter");
  await expect(candidate.openTab("ideas.md")).toBeVisible();
  await expect(candidate.file("plan.md")).toBeHidden();
  expect(await candidate.text()).toBe("first read, then write");

  await candidate.file("ideas.md").click({ button: "right" });
  await page.getByRole("menuitem", { name: "New file" }).click();
  await name("Name of the new file").fill("solution.py");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "There is a file solution.py already." })).toBeVisible();
  await name("Name of the new file").fill("notes/more.md");
  await page.keyboard.press("Enter");
  await expect(candidate.openTab("more.md")).toBeVisible();
  await candidate.file("more.md").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog", { name: "Delete notes/more.md?" }).getByRole("button", { name: "Delete" }).click();
  await expect(candidate.file("more.md")).toBeHidden();
  await candidate.file("ideas.md").press("Delete");
  await page.getByRole("dialog", { name: "Delete notes/ideas.md?" }).getByRole("button", { name: "Delete" }).click();
  await expect(files.getByRole("treeitem")).toHaveCount(1);
  await expect(candidate.openTab("solution.py")).toHaveAttribute("aria-selected", "true");

  // A file that somebody else makes takes nobody's place in the tree away.
  await candidate.file("solution.py").focus();
  await page.evaluate(async (interview) => {
    const event = { n: 0, t: 0, kind: "editor.created", body: { path: "made.md", text: "" } };
    const body = JSON.stringify({ origin: "elsewhere", events: [event] });
    await fetch(`/api/interview/${interview}/events`, { method: "POST", headers: { "content-type": "application/json" }, body });
  }, candidate.log.interview);
  await expect(candidate.file("made.md")).toBeVisible();
  await expect(candidate.file("solution.py")).toBeFocused();

  for (const [label, grows] of [["Width of the files", "ArrowRight"], ["Width of the panel", "ArrowLeft"], ["Height of the terminal", "ArrowUp"]] as const) {
    const splitter = page.getByRole("separator", { name: label });
    const size = async () => Number(await splitter.getAttribute("aria-valuenow"));
    const usual = await size();
    await splitter.press(grows);
    expect(await size()).toBe(usual + 2);
    await splitter.press("Home");
    expect(await size()).toBe(Number(await splitter.getAttribute("aria-valuemin")));
    await splitter.dblclick();
    expect(await size()).toBe(usual);
  }

  await page.setViewportSize({ width: 880, height: 720 });
  await expect(page.getByRole("heading", { name: "This room needs a larger window" })).toBeVisible();
  await expect(candidate.editor).toBeHidden();
  await expectAccessible(page);
  await page.setViewportSize({ width: 1280, height: 720 });
  await expect(candidate.editor).toBeVisible();
});

test("letters are letters where one writes, and keys elsewhere; each panel is searched by itself", async ({ candidate }) => {
  const { page } = candidate;
  const keys = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await candidate.write("a ? b : c");
  await expect(keys).toBeHidden();
  await candidate.file("solution.py").focus();
  await page.keyboard.press("?");
  await expect(keys).toBeVisible();
  await page.keyboard.press("Escape");

  const find = page.getByRole("textbox", { name: "Find in the terminal" });
  await candidate.focusEditor();
  await page.keyboard.press("Control+F");
  await expect(candidate.editor.locator(".find-widget.visible")).toBeVisible();
  await expect(find).toBeHidden();
  await page.keyboard.press("Escape");

  await candidate.shell("seq 1 200", "200");
  await page.keyboard.press("Control+F");
  await expect(find).toBeFocused();
  const lines = async () => (await candidate.screen()).split("\n");
  await page.keyboard.type("57");
  await expect.poll(lines).toContain("57");
  await page.keyboard.press("Enter");
  await expect.poll(lines).toContain("157");
  await page.keyboard.press("Shift+Enter");
  await expect.poll(lines).toContain("57");
  await expectAccessible(page);
  await test.info().attach("found in the terminal", { body: await page.screenshot(), contentType: "image/png" });
  await find.fill("nowhere to be seen");
  await expect(page.getByRole("search").getByRole("status")).toHaveText("No match");
  await page.keyboard.press("Escape");
  await expect(find).toBeHidden();
  await expect(candidate.terminal.getByRole("textbox", { name: "Terminal" })).toBeFocused();
  await candidate.shell("echo $((40 + 2)) is left", "42 is left");

  await page.context().setOffline(true);
  await candidate.focusEditor();
  await page.keyboard.press("End");
  await page.keyboard.type("!");
  await page.keyboard.press("Control+S");
  await expect(page.getByText(/You are offline\. .* kept in this browser until the connection is back\./)).toBeVisible();
  await page.context().setOffline(false);
  await candidate.connected();
});

test("two questions in JavaScript: own cases are run, and the first question is left for the second", async ({ newcomer, invite, reviewer }) => {
  const link = await invite({ problems: ["access-log", "config-diff"], languages: ["javascript"] });
  const candidate = await enter(await newcomer(), link);
  const { page, tests } = candidate;
  await expect(page.getByText("question 1 of 2")).toBeVisible();
  await candidate.file("main.js").click();
  await expect.poll(() => candidate.text()).toContain("function report(lines)");
  await candidate.write('console.log("skipped 0");');

  await candidate.tab("Tests");
  await page.getByRole("button", { name: "Add a case" }).click();
  await page.getByRole("button", { name: "Add a case" }).click();
  const first = tests.getByRole("group", { name: "My case 1" });
  await first.getByLabel("Input").fill("window=60 top=2\n");
  await first.getByLabel("Expected").fill("skipped 0\n");
  await tests.getByRole("group", { name: "My case 2" }).getByLabel("Expected").fill("skipped 1\n");
  await page.getByRole("button", { name: "Run my cases" }).click();
  await expect(candidate.result).toContainText("1 passed");
  await expect(candidate.result).toContainText("1 failed");
  await expect(candidate.result).toContainText("your own cases");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Next question" }).click();
  const dialog = page.getByRole("dialog", { name: "Go to the next question?" });
  await expect(dialog).toContainText("You have not run the tests for this question.");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Next question" }).click();
  await expect(page.getByText("question 2 of 2")).toBeVisible();
  await expect(dialog).toBeHidden();
  await expect(candidate.file("main.js")).toBeHidden();
  await expect(page.getByRole("button", { name: "Next question" })).toBeHidden();
  await candidate.tab("Problem");
  await expect(page.getByRole("heading", { name: "Configuration diff" })).toBeVisible();
  await candidate.write("// the second question");

  const { at } = await candidate.scene();
  const replay = new Replay(reviewer, candidate.log.interview);
  await replay.open(at);
  await expect.poll(async () => (await replay.scene()).text).toBe("// the second question");
});

test("what was typed before a tab crashed is handed in as well", async ({ candidate, house }) => {
  const { page, log } = candidate;
  await candidate.write("before = 1");
  await candidate.connected();
  house.wire.cut();
  await candidate.type("\nlast_words = True", "before = 1");
  await expect(candidate.saved).toHaveText(/waiting/);
  const address = page.url();
  const next = await page.context().newPage();
  await page.goto("chrome://crash").catch(() => undefined);
  house.wire.mend();
  // What a tab kept a moment ago may still be its own; here the moment lasts until the page is there.
  await next.addInitScript(() => {
    for (const key of Object.keys(localStorage).filter((key) => key.startsWith("interviewlm:outbox:"))) {
      const kept = JSON.parse(localStorage.getItem(key)!) as { wall: number };
      localStorage.setItem(key, JSON.stringify({ ...kept, wall: Date.now() }));
    }
  });
  await next.goto(address);
  await next.getByRole("button", { name: "Submit" }).click();
  await next.getByRole("dialog", { name: "Submit interview?" }).getByRole("button", { name: "Submit now" }).click();
  await expect(next).toHaveURL(/\/done$/, { timeout: 60_000 });
  const events = await log.read();
  const submitted = events.findIndex(({ kind }) => kind === "session.submitted");
  const edits = events.slice(0, submitted).filter(({ kind }) => kind === "editor.edited");
  const typed = edits.flatMap(({ body }) => body.changes as [number, number, string][]).map(([, , inserted]) => inserted);
  expect(typed.join("")).toContain("last_words = True");
});
