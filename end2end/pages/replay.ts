// The reviewer's replay, by the names that assistive technology finds.

import { expect, type Locator, type Page } from "@playwright/test";

import { conversationIn } from "./conversation";
import { textIn } from "./monaco";
import type { Scene } from "./room";
import { screenOf } from "./terminal";
import { casesIn } from "./tests";

export class Replay {
  readonly code: Locator;
  readonly terminal: Locator;
  readonly conversation: Locator;
  readonly tests: Locator;
  readonly timeline: Locator;

  constructor(
    readonly page: Page,
    readonly interview: string,
  ) {
    this.code = page.getByRole("region", { name: "Code", exact: true });
    this.terminal = page.getByRole("region", { name: "Terminal", exact: true });
    this.conversation = page.getByRole("region", { name: "Conversation", exact: true, includeHidden: true });
    this.tests = page.getByRole("region", { name: "Tests", exact: true, includeHidden: true });
    this.timeline = page.getByRole("slider", { name: "Timeline" });
  }

  /** Opens the replay at a moment, in milliseconds. */
  async open(at: number): Promise<void> {
    await this.page.goto(`/replay/${this.interview}?t=${(at / 1_000).toFixed(3)}`);
    await expect(this.timeline).toBeVisible();
    await expect(this.code.locator(".view-line").first()).toBeVisible();
  }

  private get newestRun(): Locator {
    return this.tests.getByRole("group", { name: "Runs so far", includeHidden: true }).locator("> details").first();
  }

  async scene(): Promise<Scene> {
    return {
      text: await textIn(this.code),
      screen: await screenOf(this.terminal),
      conversation: await conversationIn(this.conversation),
      cases: await casesIn(this.newestRun),
    };
  }
}
