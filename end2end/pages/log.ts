// The recording's log, as its own API tells it.

import { expect, type APIRequestContext } from "@playwright/test";

export interface LogEvent {
  seq: number;
  at: number;
  actor: string;
  kind: string;
  body: Record<string, unknown>;
}

export class Log {
  readonly #request: APIRequestContext;
  readonly #path: string;
  readonly events: LogEvent[] = [];

  constructor(
    request: APIRequestContext,
    readonly interview: string,
  ) {
    this.#request = request;
    this.#path = `/api/interview/${interview}/events`;
  }

  /** Reads what came since the last time. */
  async read(): Promise<LogEvent[]> {
    for (;;) {
      const answer = await this.#request.get(`${this.#path}?from=${this.events.length}&limit=1000`);
      expect(answer.status()).toBe(200);
      const { events } = (await answer.json()) as { events: LogEvent[] };
      this.events.push(...events);
      if (events.length === 0) return this.events;
    }
  }

  /** Waits until nothing more comes; the moment of the last event, in milliseconds. */
  async settled(): Promise<number> {
    let former = -1;
    const isQuiet = async () => {
      const before = former;
      former = (await this.read()).length;
      return before === former;
    };
    await expect.poll(isQuiet, { intervals: [1_000], message: "the log settles" }).toBe(true);
    return this.events.at(-1)?.at ?? 0;
  }
}
