// The assistant in a candidate's hands: what is proposed, refused, stopped, lost and asked again.

import { enter, expect, expectAccessible, test } from "../stage";
import { Line } from "../pages/line";
import { Replay } from "../pages/replay";

const WISH = "In solution.py, replace `41` with `42`";

test("what a broken line swallowed is given back, and is asked once; what the server regrets is dismissed", async ({ newcomer, invite }) => {
  const page = await newcomer();
  const line = await Line.of(page);
  const candidate = await enter(page, await invite());
  await candidate.write("answer = 41");

  line.lose("ask");
  await candidate.ask(WISH);
  const lost = page.getByRole("alert").filter({ hasText: "The connection broke before your message arrived" });
  await expect(lost).toBeVisible();
  await expect(candidate.message).toHaveValue(WISH);
  await candidate.connected();
  await page.getByRole("button", { name: "Send" }).click();

  const proposal = page.getByRole("region", { name: "Change to solution.py" });
  const accept = proposal.getByRole("button", { name: "Accept" });
  await expect(accept).toBeVisible();
  await expect(lost).toBeHidden();
  await expect(candidate.message).toHaveValue("");
  line.lose("decide");
  await accept.click();
  await expect(candidate.connection).not.toHaveText("connected");
  await candidate.connected();
  await accept.click();
  await candidate.answered();
  await expect.poll(() => candidate.text()).toBe("answer = 42");

  line.breakAfter("ask");
  await candidate.ask("A hint, please");
  await expect(candidate.connection).not.toHaveText("connected");
  await candidate.connected();
  await candidate.answered();
  await expect(candidate.conversation.getByText("A hint, please")).toBeVisible();
  await expect(candidate.message).toHaveValue("");

  line.lose("run");
  await page.getByRole("button", { name: "Run tests" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Please run them again" })).toBeVisible();
  await candidate.connected();

  line.tell({ say: "sorry", about: "terminal", reason: "from here on less is recorded" });
  const notice = candidate.terminal.getByRole("alert").filter({ hasText: "From here on less is recorded." });
  await notice.getByRole("button", { name: "Dismiss" }).click();
  await expect(notice).toBeHidden();

  await candidate.log.settled();
  expect(candidate.log.events.filter((event) => event.kind === "chat.asked")).toHaveLength(2);
  expect(candidate.log.events.filter((event) => event.kind === "run.requested")).toHaveLength(0);
});

test("a proposal is rejected, an answer stopped, and one that a restart broke off asked for again", async ({ candidate, house, reviewer }) => {
  const { page, conversation } = candidate;
  const proposal = page.getByRole("region", { name: "Change to solution.py" });
  const cards = conversation.locator(".tool-card");
  await candidate.write("answer = 41");

  await candidate.ask(WISH);
  await proposal.getByRole("button", { name: "Reject" }).click();
  await candidate.answered();
  await expect(cards.last()).toHaveAttribute("data-state", "failed");
  await cards.last().locator("summary").click();
  await expect(cards.last().getByText("the candidate rejected this edit")).toBeVisible();
  expect(await candidate.text()).toBe("answer = 41");

  await candidate.ask(WISH);
  await expect(proposal).toBeVisible();
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(conversation.getByText("You stopped this answer.")).toBeVisible();
  await expect(cards.last()).toHaveAttribute("data-state", "stopped");
  await expect(page.getByRole("button", { name: "Try again" })).toHaveCount(0);

  await candidate.ask(WISH);
  await expect(proposal).toBeVisible();
  await house.kill();
  await house.start();
  await expect(conversation.getByText("The answer was interrupted by a restart; ask again.")).toBeVisible();
  await candidate.connected();
  await page.getByRole("button", { name: "Try again" }).click();
  await proposal.getByRole("button", { name: "Accept" }).click();
  await candidate.answered();
  await expect.poll(() => candidate.text()).toBe("answer = 42");
  await expect(page.getByRole("button", { name: "Try again" })).toHaveCount(0);
  // The card of an edit that was accepted shows what it changed.
  await expect(cards.last().locator(".edit-diff")).toContainText("42");
  await expectAccessible(page);

  await candidate.ask("$ echo from a box");
  await candidate.answered();
  const { scene, at } = await candidate.scene();
  const replay = new Replay(reviewer, candidate.log.interview);
  await replay.open(at);
  await expect.poll(async () => (await replay.scene()).conversation).toEqual(scene.conversation);
  await expect(replay.conversation.getByText("The candidate stopped this answer.")).toBeVisible();
  await expect(replay.conversation.locator('.tool-card[data-state="stopped"]')).toHaveCount(2);
  await expect(replay.conversation.locator('.tool-card[data-state="running"]')).toHaveCount(0);
});
