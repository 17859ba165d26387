// The room in small stories, each about one thing.

import { enter, expect, expectAccessible, test } from "../stage";
import { textIn } from "../pages/monaco";
import { Replay } from "../pages/replay";
import { Room } from "../pages/room";

test("a second tab takes the room over, and the first says so and can have it back", async ({ candidate: first }) => {
  const page = await first.page.context().newPage();
  await page.goto(first.page.url());
  const second = new Room(page);
  await second.ready();
  const notice = first.page.getByRole("heading", { name: "This interview is open in another tab" });
  await expect(notice).toBeVisible();
  await second.write("x = 1");
  await first.page.bringToFront();
  await first.page.getByRole("button", { name: "Use this tab instead" }).click();
  await first.ready();
  await expect(notice).toBeHidden();
  await expect.poll(() => first.text()).toBe("x = 1");
  await expect(page.getByRole("heading", { name: "This interview is open in another tab" })).toBeVisible();
});

test("the server dies and comes back while somebody types, and not a letter is lost", async ({ candidate, house }) => {
  await candidate.write("before = 1\nduring = ");
  await house.kill();
  await candidate.type("[1, 2, 3]\nstill = True", "during = ");
  await expect(candidate.connection).toHaveText(/reconnecting|offline/);
  await house.start();
  await candidate.type("\nafter = 3", "still = True");
  await candidate.connected();
  const text = "before = 1\nduring = [1, 2, 3]\nstill = True\nafter = 3";
  await expect.poll(() => candidate.text()).toBe(text);
  await candidate.log.settled();
  await candidate.page.reload();
  await candidate.ready();
  await expect.poll(() => candidate.text()).toBe(text);
});

test("a paste that no file can hold is taken back and said so, and what is typed after it is safe", async ({ candidate }) => {
  const { page } = candidate;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await candidate.write("before = 1");
  await page.evaluate(() => navigator.clipboard.writeText("far too much ".repeat(700_000)));
  await page.keyboard.press("Control+V");
  await expect(page.getByText("was left as it was: a file may hold at most 1 MiB.")).toBeVisible();
  await candidate.type("\nafter = 2", "before = 1");
  await candidate.connected();
  await candidate.log.settled();
  await page.reload();
  await candidate.ready();
  await expect.poll(() => candidate.text()).toBe("before = 1\nafter = 2");
});

test("a file's name that looks like HTML is shown as it is written", async ({ candidate }) => {
  const name = "<img src=x onerror=alert(1)>";
  const page = candidate.page;
  page.on("dialog", (dialog) => {
    throw new Error(`a dialog opened: ${dialog.message()}`);
  });
  await candidate.shell(`touch '${name}' && echo made`, "made");
  await expect(candidate.file(name)).toBeVisible();
  await candidate.file(name).click();
  await expect(candidate.openTab(name)).toBeVisible();
  await candidate.file(name).press("Delete");
  const dialog = page.getByRole("dialog", { name: `Delete ${name}?` });
  await expect(dialog).toBeVisible();
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await candidate.ask(`Please read "${name}" and ${name}`);
  await candidate.answered();
  await expect(candidate.conversation.getByText(name).first()).toBeVisible();
  await expect(page.locator("img")).toHaveCount(0);
});

test("the keys open what they say", async ({ candidate }) => {
  const { page } = candidate;
  const key = (name: string) => page.keyboard.press(name);

  await candidate.focusEditor();
  await key("F1");
  const keys = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(keys).toBeVisible();
  await key("Escape");
  await expect(keys).toBeHidden();

  await candidate.focusEditor();
  await key("Control+B");
  await expect(candidate.files).toBeHidden();
  await key("Control+B");
  await expect(candidate.files).toBeVisible();

  await key("Control+J");
  await expect(candidate.terminal.getByRole("textbox", { name: "Terminal" })).toBeFocused();
  await key("Control+J");
  await expect(candidate.terminal).toBeHidden();
  await key("Control+J");
  await expect(candidate.terminal).toBeVisible();

  await candidate.focusEditor();
  await key("Control+L");
  await expect(candidate.message).toBeFocused();

  await candidate.focusEditor();
  await key("Control+Enter");
  await expect(candidate.result).toContainText("failed", { timeout: 60_000 });

  await candidate.focusEditor();
  await key("Control+S");
  await expect(page.getByText("Everything is saved as you type.")).toBeVisible();

  await key("Control+Shift+Enter");
  const submit = page.getByRole("dialog", { name: "Submit interview?" });
  await expect(submit).toBeVisible();
  await submit.getByRole("button", { name: "Keep working" }).click();
  await expect(submit).toBeHidden();
});

test("a room that does not arrive says so, and comes when it is asked for again", async ({ candidate }) => {
  const { page } = candidate;
  await candidate.write("print('typed before')");
  await candidate.connected();
  await page.route(/\/pkg\/.*\.wasm/, (route) => route.abort());
  await page.reload();
  await expect(page.getByRole("heading", { name: "This page did not arrive whole" })).toBeVisible();
  await expectAccessible(page);
  await test.info().attach("the room is missing", { body: await page.screenshot(), contentType: "image/png" });
  await page.unroute(/\/pkg\/.*\.wasm/);
  await page.getByRole("link", { name: "Try again" }).click();
  await candidate.ready();
  expect(await candidate.text()).toBe("print('typed before')");
});

test("what an assistant edits by itself is undone with one click, and stays so", async ({ newcomer, invite, reviewer }) => {
  const candidate = await enter(await newcomer(), await invite({ assistant: "agent" }));
  const { page } = candidate;
  await candidate.write("answer = 41");
  await candidate.ask("In solution.py, replace `41` with `42`");
  await candidate.answered();
  await expect.poll(() => candidate.text()).toBe("answer = 42");
  await expect(candidate.conversation.locator(".edit-diff")).toContainText("42");
  const { at } = await candidate.scene();
  await candidate.tab("Assistant");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: "Taken back" })).toBeDisabled();
  await expect.poll(() => candidate.text()).toBe("answer = 41");
  await expectAccessible(page);
  await candidate.log.settled();

  await page.reload();
  await candidate.ready();
  await candidate.tab("Assistant");
  await expect(page.getByRole("button", { name: "Taken back" })).toBeDisabled();
  expect(await candidate.text()).toBe("answer = 41");

  const replay = new Replay(reviewer, candidate.log.interview);
  await replay.open(at);
  await expect.poll(() => textIn(replay.code)).toBe("answer = 42");
  const moments = reviewer.getByRole("region", { name: "Moments" });
  await moments.getByRole("button", { name: "Took the assistant's edit back" }).click();
  await expect.poll(() => textIn(replay.code)).toBe("answer = 41");
});

test("a sandbox is restarted: its programs are gone, and the files are there", async ({ candidate }) => {
  const { page } = candidate;
  await candidate.write("print('still here')");
  await candidate.shell("sleep 1000 & touch /tmp/left; echo running", "running");
  const restart = page.getByRole("button", { name: "Restart sandbox" });
  await restart.click();
  const dialog = page.getByRole("dialog", { name: "Restart the sandbox?" });
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await expect(dialog).toBeHidden();
  await restart.click();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Restart sandbox" }).click();
  await expect.poll(() => candidate.screen()).toMatch(/^This is a new sandbox/);
  await expect.poll(() => candidate.screen()).toMatch(/\$$/m);
  await candidate.shell("python3 solution.py; ls /tmp; pgrep -c sleep", "0");
  expect(await candidate.screen()).toContain("still here");
  expect(await candidate.screen()).not.toContain("left");
});

test("the terminal is a real one: vim comes and goes, and Ctrl-C ends what does not end by itself", async ({ candidate }) => {
  const { page } = candidate;
  await candidate.focusTerminal();
  await page.keyboard.type("vim notes.txt\n", { delay: 8 });
  await expect.poll(() => candidate.screen()).toMatch(/^~$/m);
  await page.keyboard.type("ihello from vim", { delay: 20 });
  await expect.poll(() => candidate.screen()).toMatch(/^hello from vim$/m);
  await page.keyboard.press("Escape");
  await page.keyboard.type(":wq\n", { delay: 20 });
  await expect.poll(() => candidate.screen()).not.toMatch(/^~$/m);
  await candidate.shell("cat notes.txt", "hello from vim");
  await expect(candidate.file("notes.txt")).toBeVisible();

  await candidate.shell("yes", "y");
  await page.keyboard.press("Control+C");
  await candidate.shell("echo stopped $((40 + 2))", "stopped 42");
});
