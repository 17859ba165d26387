// What every story stands on: a house, a browser for each person, and quick ways to the point where a story begins.

import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as base, type BrowserContext, type BrowserContextOptions, type Locator, type Page } from "@playwright/test";

import { House, OWNER } from "./house";
import { Room } from "./pages/room";

export { expect };

/** An assessment as the API takes it. */
export const ASSESSMENT = {
  title: "Backend engineer",
  problems: ["rate-limiter"],
  languages: ["python"],
  minutes: 60,
  assistant: "propose",
  budget_messages: 20,
  budget_microusd: 1_000_000,
  required_consents: ["editor", "terminal", "assistant"],
};

export const CONSENTS = ["editor", "terminal", "assistant", "focus"];

/** Somebody with a browser of their own. */
export type Newcomer = (options?: BrowserContextOptions) => Promise<Page>;

interface Fixtures {
  newcomer: Newcomer;
  /** A page of a signed-in reviewer. */
  reviewer: Page;
  /** Makes an assessment and an invitation to it; the link's path. */
  invite: (particulars?: Partial<typeof ASSESSMENT>) => Promise<string>;
  /** A candidate in the room of an interview that has just begun. */
  candidate: Room;
}

export const test = base.extend<Fixtures, { house: House }>({
  house: [
    async ({}, use) => {
      const house = await House.open();
      await use(house);
      await house.close();
    },
    { scope: "worker", timeout: 60_000 },
  ],

  newcomer: async ({ browser, house }, use, info) => {
    const contexts: BrowserContext[] = [];
    const from = house.said.length;
    await use(async (options) => {
      const context = await browser.newContext({ baseURL: house.url, viewport: info.project.use.viewport ?? null, ...options });
      contexts.push(context);
      return context.newPage();
    });
    house.wire.mend();
    for (const context of contexts) await context.close();
    if (info.status !== info.expectedStatus) await info.attach("server", { body: house.said.slice(from) });
  },

  reviewer: async ({ newcomer }, use) => {
    const page = await newcomer();
    const answer = await page.request.post("/api/auth/login", { data: OWNER });
    expect(answer.status()).toBe(204);
    await use(page);
  },

  invite: async ({ reviewer }, use) => {
    await use(async (particulars) => {
      const made = await reviewer.request.post("/api/assessments", { data: { ...ASSESSMENT, ...particulars } });
      expect(made.status(), await made.text()).toBe(201);
      const { id } = (await made.json()) as { id: string };
      const invited = await reviewer.request.post(`/api/assessments/${id}/invitations`, { data: { name: "Ada" } });
      expect(invited.status(), await invited.text()).toBe(201);
      const { url } = (await invited.json()) as { url: string };
      return new URL(url).pathname;
    });
  },

  candidate: async ({ newcomer, invite }, use) => {
    const page = await newcomer();
    await use(await enter(page, await invite()));
  },
});

/** Starts the interview behind a link without its page, and opens the room. */
export async function enter(page: Page, link: string): Promise<Room> {
  const started = await page.request.post(`/api${link}`, { data: { consent: CONSENTS } });
  expect(started.status(), await started.text()).toBe(200);
  const { id } = (await started.json()) as { id: string };
  await page.goto(`/interview/${id}`);
  const room = new Room(page);
  await room.ready();
  return room;
}

/** Opens a dialog. A page that has just arrived may not be alive yet, and then nobody hears the click. */
export async function opened(button: Locator, dialog: Locator): Promise<Locator> {
  await expect(async () => {
    await button.click();
    await expect(dialog).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  return dialog;
}

/** Nothing on the page stands in anybody's way, as far as a machine can tell. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `  ${node.html}\n  ${node.failureSummary ?? ""}`).join("\n")}`);
  expect.soft(told, `axe on ${new URL(page.url()).pathname}`).toEqual([]);
}
