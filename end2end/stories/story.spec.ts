// The whole story: from an invitation to a replay that shows, at any moment, what the candidate saw then.

import { OWNER } from "../house";
import { ASSESSMENT, expect, expectAccessible, opened, test } from "../stage";
import { Replay } from "../pages/replay";
import { Room, type Scene } from "../pages/room";

/** With two mistakes: the price of a request that is too large, and waits that lie in the past. */
const FIRST_TRY = `from bisect import bisect_left


def rate_limit(limit, window, requests):
    clients, answers = {}, []
    for request in requests:
        at, cost = request["at"], request["cost"]
        times, totals = clients.setdefault(request["client"], ([-window], [0]))
        if cost > limit:
            answers.append(0)
            continue
        place = bisect_left(totals, totals[-1] + cost - limit)
        wait = times[place] + window - at
        if wait == 0:
            times.append(at)
            totals.append(totals[-1] + cost)
        answers.append(wait)
    return answers`;

const OFFLINE_MS = 20_000;

test("an interview, from the invitation to the replay", async ({ newcomer, reviewer, house }) => {
  test.setTimeout(480_000);
  const scenes: { name: string; at: number; scene: Scene }[] = [];
  const page = await newcomer();
  let link = "";

  await test.step("the reviewer signs in and invites", async () => {
    const made = await reviewer.request.post("/api/assessments", { data: ASSESSMENT });
    expect(made.status()).toBe(201);
    await reviewer.context().clearCookies();
    await reviewer.goto("/dashboard");
    await reviewer.getByLabel("Email").fill(OWNER.email);
    await reviewer.getByLabel("Password").fill(OWNER.password);
    await reviewer.getByRole("button", { name: "Sign in" }).click();
    await expect(reviewer.getByRole("heading", { name: "Dashboard" })).toBeVisible();
    await expectAccessible(reviewer);
    const invite = reviewer.getByRole("button", { name: "Invite candidate" });
    const dialog = await opened(invite, reviewer.getByRole("dialog", { name: "Invite candidate" }));
    await dialog.getByLabel("Assessment").selectOption({ label: ASSESSMENT.title });
    await dialog.getByLabel("Candidate's name").fill("Ada Lovelace");
    await expectAccessible(reviewer);
    await dialog.getByRole("button", { name: "Create link" }).click();
    link = await dialog.getByLabel("Link").inputValue();
  });

  await test.step("the candidate reads, agrees and starts", async () => {
    await page.goto(link);
    await expect(page.getByRole("heading", { level: 1, name: ASSESSMENT.title })).toBeVisible();
    await expect(page.getByLabel("Your name")).toHaveValue("Ada Lovelace");
    await expectAccessible(page);
    const start = page.getByRole("button", { name: "Start interview" });
    await expect(start).toBeDisabled();
    for (const name of ["Editor", "Terminal", "Assistant", "Window focus"]) await page.getByRole("checkbox", { name }).check();
    await start.click();
    await expect(page).toHaveURL(/\/interview\/(?!start)[^/]+$/);
  });

  const room = new Room(page);
  const { log } = room;
  const record = async (name: string) => {
    const { scene, at } = await room.scene();
    await test.info().attach(name, { body: await page.screenshot(), contentType: "image/png" });
    scenes.push({ name, at, scene });
  };

  await test.step("she writes a first try and looks around in the shell", async () => {
    await room.ready();
    await expectAccessible(page);
    await room.write(FIRST_TRY);
    await room.shell("echo hello from the shell", "hello from the shell");
    await room.shell("python3 -c 'print(sum(range(10)))'", "45");
    await room.shell("echo remember the window > notes.md; cat notes.md", "remember the window");
    await expect(room.file("notes.md")).toBeVisible();
    await record("after the first try");
  });

  await test.step("the tests fail", async () => {
    await room.run();
    await expect(room.result).toContainText("failed");
    await expectAccessible(page);
    await record("after the failing tests");
  });

  await test.step("the assistant hints, and proposes a change that she accepts", async () => {
    await room.ask("Can you give me a hint?");
    await room.answered();
    await room.ask("In solution.py, replace `answers.append(0)` with `answers.append(-1)`");
    const proposal = page.getByRole("region", { name: "Change to solution.py" });
    await expect(proposal).toBeVisible();
    await expectAccessible(page);
    await proposal.getByRole("button", { name: "Accept" }).click();
    await room.answered();
    await expect.poll(() => room.text()).toBe(FIRST_TRY.replace("append(0)", "append(-1)"));
    await record("after the assistant's change");
  });

  await test.step("she finds the other mistake herself, and the tests pass", async () => {
    await room.focusEditor();
    await page.keyboard.press("Control+Home");
    for (let line = 1; line < 13; line += 1) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    await page.keyboard.press("Shift+Home");
    await room.type("wait = max(0, times[place] + window - at)", "");
    const fixed = FIRST_TRY.replace("append(0)", "append(-1)").replace("times[place] + window - at", "max(0, times[place] + window - at)");
    await expect.poll(() => room.text()).toBe(fixed);
    await room.run();
    await expect(room.result).toContainText("passed");
    await expect(room.result).not.toContainText("failed");
    await record("after the passing tests");
  });

  await test.step("the network is gone for twenty seconds, in which she goes on writing", async () => {
    const before = await room.text();
    const until = Date.now() + OFFLINE_MS;
    // The browser is told, and its open sockets break.
    await page.context().setOffline(true);
    house.wire.cut();
    await room.focusEditor();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowDown");
    const comment = "# Spent units are kept as running totals, so that a wait is found by bisection.";
    for (const letter of comment) await page.keyboard.type(letter, { delay: OFFLINE_MS / comment.length / 2 });
    await expect(room.connection).toHaveText("offline: still recording");
    await expect(room.saved).toHaveText(/^\d+ changes waiting$/);
    await expectAccessible(page);
    while (Date.now() < until) {
      await page.keyboard.type("!", { delay: 250 });
      await page.keyboard.press("Backspace", { delay: 250 });
    }
    house.wire.mend();
    await page.context().setOffline(false);
    await room.connected();
    const after = before.replace("\n", `\n${comment}`);
    expect(await room.text()).toBe(after);
    await log.settled();

    const { scene } = await room.scene();
    await page.reload();
    await room.ready();
    await expect.poll(async () => (await room.scene()).scene).toEqual(scene);
    expect(scene.text).toBe(after);
    await record("after the outage and a reload");
  });

  await test.step("she submits", async () => {
    await page.getByRole("button", { name: "Submit" }).click();
    const dialog = page.getByRole("dialog", { name: "Submit interview?" });
    await expect(dialog).toBeVisible();
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Submit now" }).click();
    await expect(page.getByRole("heading", { name: "Thank you, your interview is complete" })).toBeVisible({ timeout: 60_000 });
    await expectAccessible(page);
    // The files are tested a last time before the interview has ended.
    await expect(async () => {
      await page.goto(link);
      await expect(page.getByText("This interview is finished.")).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 60_000 });
  });

  await test.step("the reviewer finds the session, and every moment is as it was", async () => {
    await reviewer.setViewportSize({ width: 1440, height: 900 });
    await reviewer.goto("/dashboard");
    const row = reviewer.getByRole("row", { name: /Ada Lovelace/ });
    await expect(row).toContainText(/(\d+) \/ \1/);
    await row.getByRole("link", { name: "Ada Lovelace" }).click();
    const replay = new Replay(reviewer, log.interview);
    await expect(replay.timeline).toBeVisible();
    // What is compared is something: no messages at first, then two questions with their answers; then results.
    expect(scenes.map(({ scene }) => scene.conversation.length)).toEqual([0, 0, 4, 4, 4]);
    expect(scenes.map(({ scene }) => scene.cases.length > 0)).toEqual([false, true, true, true, true]);
    for (const { scene } of scenes) expect(scene.screen).toContain("remember the window");
    for (const index of [3, 0, 4, 2, 1]) {
      const { name, at, scene } = scenes[index]!;
      await test.step(name, async () => {
        await replay.open(at);
        await expect.poll(() => replay.scene(), { message: `${name}, at ${at} ms` }).toEqual(scene);
        await test.info().attach(`replay ${name}`, { body: await reviewer.screenshot(), contentType: "image/png" });
      });
    }
    await expectAccessible(reviewer);
  });
});
