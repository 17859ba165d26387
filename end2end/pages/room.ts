// The candidate's room, by the names that assistive technology finds.

import { expect, type Locator, type Page } from "@playwright/test";

import { conversationIn, type Message } from "./conversation";
import { Log } from "./log";
import { textIn } from "./monaco";
import { screenOf } from "./terminal";
import { casesIn, type Case } from "./tests";

const KEY_MS = 8;

/** What a moment of the interview looks like. */
export interface Scene {
  text: string;
  screen: string;
  conversation: Message[];
  cases: Case[];
}

export class Room {
  readonly editor: Locator;
  readonly terminal: Locator;
  readonly files: Locator;
  readonly connection: Locator;
  readonly saved: Locator;
  readonly conversation: Locator;
  readonly message: Locator;
  readonly result: Locator;
  readonly tests: Locator;
  readonly log: Log;

  constructor(readonly page: Page) {
    this.editor = page.getByRole("region", { name: "Editor", exact: true });
    this.terminal = page.getByRole("region", { name: "Terminal", exact: true });
    this.files = page.getByRole("tree", { name: "Files" });
    this.connection = page.getByRole("status", { name: "Connection" });
    this.saved = page.getByRole("status", { name: "Saved" });
    this.conversation = page.getByRole("log", { name: "Conversation" });
    this.message = page.getByRole("textbox", { name: "Message the assistant" });
    this.result = page.getByRole("status", { name: "Result" });
    this.tests = page.getByRole("tabpanel", { name: "Tests" });
    this.log = new Log(page.request, this.id);
  }

  /** The interview's id, from the address. */
  get id(): string {
    return new URL(this.page.url()).pathname.split("/")[2] ?? "";
  }

  /** Waits until everything is there: the line, the text, a shell that has asked for a command. */
  async ready(): Promise<void> {
    await this.connected();
    await expect(this.editor.locator(".view-line").first()).toBeVisible();
    await expect.poll(() => this.screen(), { message: "the shell prompts" }).toMatch(/[$#]$/m);
  }

  async connected(): Promise<void> {
    await expect(this.connection).toHaveText("connected");
    await expect(this.saved).toHaveText("saved");
  }

  // The editor

  text(): Promise<string> {
    return textIn(this.editor);
  }

  async focusEditor(): Promise<void> {
    await this.editor.getByRole("textbox", { name: "Editor" }).focus();
  }

  /** Writes a whole text into the file that shows, key by key, in the place of what it says. */
  async write(text: string): Promise<void> {
    await this.focusEditor();
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.press("Delete");
    await this.type(text, "");
    await expect.poll(() => this.text()).toBe(text);
  }

  /** Types lines; the editor indents by itself, and closes what is opened at the end of a line. */
  async type(text: string, before: string): Promise<void> {
    const { keyboard } = this.page;
    const lines = text.split("\n");
    let former = before;
    for (const [index, line] of lines.entries()) {
      if (index > 0) {
        // What the editor suggests is not what Enter is for.
        await keyboard.press("Escape");
        await keyboard.press("Enter");
        const given = indentOf(former) + (former.trimEnd().endsWith(":") ? 4 : 0);
        for (let column = given; column > indentOf(line) && line !== ""; column -= 4) await keyboard.press("Backspace");
      }
      await keyboard.type(line.trimStart(), { delay: KEY_MS });
      if (line !== "") former = line;
    }
    await keyboard.press("Escape");
  }

  // The terminal

  screen(): Promise<string> {
    return screenOf(this.terminal);
  }

  async focusTerminal(): Promise<void> {
    await this.terminal.getByRole("textbox", { name: "Terminal" }).focus();
  }

  /** Types a command, and waits for a line that it is to print. */
  async shell(command: string, line: string): Promise<void> {
    await this.focusTerminal();
    await this.page.keyboard.type(command, { delay: KEY_MS });
    await this.page.keyboard.press("Enter");
    const lines = async () => (await this.screen()).split("\n");
    await expect.poll(lines, { message: `the shell answers ${command}` }).toContain(line);
  }

  // The files

  file(name: string): Locator {
    return this.files.getByRole("treeitem", { name, exact: true });
  }

  openTab(name: string): Locator {
    return this.page.getByRole("tablist", { name: "Open files" }).getByRole("tab", { name });
  }

  // The panel

  async tab(name: "Problem" | "Assistant" | "Tests"): Promise<void> {
    await this.page.getByRole("tablist", { name: "Panel" }).getByRole("tab", { name }).click();
  }

  /** Sends a message, without waiting for the answer. */
  async ask(text: string): Promise<void> {
    await this.tab("Assistant");
    await this.message.fill(text);
    await this.page.getByRole("button", { name: "Send" }).click();
  }

  /** Waits until the assistant has said all it has to say. */
  async answered(): Promise<void> {
    await expect(this.page.getByRole("button", { name: "Send" })).toBeVisible();
    await expect(this.conversation.getByRole("article").last()).toHaveAttribute("aria-busy", "false");
  }

  async run(): Promise<void> {
    const before = (await this.log.read()).filter((event) => event.kind === "run.finished").length;
    await this.page.getByRole("button", { name: "Run tests" }).click();
    const runs = async () => (await this.log.read()).filter((event) => event.kind === "run.finished").length;
    await expect.poll(runs, { timeout: 60_000, message: "the run finishes" }).toBeGreaterThan(before);
    await expect(this.page.getByRole("button", { name: "Run tests" })).toBeVisible();
  }

  // All of it

  /** Waits until everything is saved and quiet; then what the page shows, and the recording's clock. */
  async scene(): Promise<{ scene: Scene; at: number }> {
    await this.connected();
    const at = await this.log.settled();
    await this.tab("Assistant");
    const conversation = await conversationIn(this.conversation);
    await this.tab("Tests");
    const cases = await casesIn(this.tests);
    return { scene: { text: await this.text(), screen: await this.screen(), conversation, cases }, at };
  }
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
