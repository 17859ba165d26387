// Every page in two sizes, for people to look at.

import { join, resolve } from "node:path";

import { OWNER } from "./house";
import { enter, expect, opened, test } from "./stage";
import { Replay } from "./pages/replay";

const FOLDER = resolve(process.env.SCREENSHOTS ?? "test-results/screenshots");

for (const [width, height] of [[1280, 720], [1920, 1080]] as const) {
  const size = { width, height };
  const picture = (name: string) => ({ path: join(FOLDER, `${name}-${width}x${height}.png`) });

  test(`every page at ${width}×${height}`, async ({ newcomer, invite }) => {
    test.setTimeout(300_000);
    const reviewer = await newcomer({ viewport: size });
    for (const [name, path] of [["home", "/"], ["login", "/login"], ["unknown", "/interview/start/unknown"]] as const) {
      await reviewer.goto(path);
      await reviewer.screenshot(picture(name));
    }
    await reviewer.request.post("/api/auth/login", { data: OWNER });

    const candidate = await newcomer({ viewport: size });
    const link = await invite();
    await candidate.goto(link);
    await candidate.screenshot({ ...picture("start"), fullPage: true });
    const room = await enter(candidate, link);
    await candidate.screenshot(picture("room-problem"));
    await room.write("def rate_limit(limit, window, requests):\n    return [0 for request in requests]");
    await room.shell("python3 -c 'print(6 * 7)'", "42");
    await room.run();
    await candidate.screenshot(picture("room-tests"));
    await room.ask("Give me a hint, please");
    await room.answered();
    await room.ask("replace `return` with `yield` in solution.py");
    await expect(candidate.getByRole("button", { name: "Accept" })).toBeVisible();
    await candidate.screenshot(picture("room-proposal"));
    await candidate.getByRole("button", { name: "Accept" }).click();
    await room.answered();
    await candidate.screenshot(picture("room-assistant"));
    await candidate.keyboard.press("F1");
    await candidate.screenshot(picture("room-keys"));
    await candidate.keyboard.press("Escape");
    await candidate.getByRole("button", { name: "Submit" }).click();
    await candidate.screenshot(picture("room-submit"));
    await candidate.getByRole("button", { name: "Submit now" }).click();
    await expect(candidate).toHaveURL(/\/done$/, { timeout: 60_000 });
    await candidate.screenshot(picture("done"));

    await reviewer.goto("/dashboard");
    await reviewer.screenshot(picture("dashboard"));
    const button = (name: string) => reviewer.getByRole("button", { name });
    await opened(button("New assessment"), reviewer.getByRole("dialog", { name: "New assessment" }));
    await reviewer.screenshot(picture("dashboard-compose"));
    await reviewer.keyboard.press("Escape");
    await opened(button("Invite candidate"), reviewer.getByRole("dialog", { name: "Invite candidate" }));
    await reviewer.screenshot(picture("dashboard-invite"));
    const events = await room.log.read();
    const replay = new Replay(reviewer, room.log.interview);
    await replay.open(0);
    await reviewer.screenshot(picture("replay-start"));
    await replay.open(events.at(-1)?.at ?? 0);
    await reviewer.screenshot(picture("replay-end"));
  });
}
