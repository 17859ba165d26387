// The room's own line to the server, in a story's hands: what a tab says can get lost on the way, and the tab can be told
// what a server rarely says.

import type { Page, WebSocketRoute } from "@playwright/test";

export class Line {
  #breaksOver: { say: string; arrives: boolean } | undefined;
  #near: WebSocketRoute | undefined;

  /** Takes a page's line, before the page has one. */
  static async of(page: Page): Promise<Line> {
    const line = new Line();
    await page.routeWebSocket(/\/api\/interview\/[^/]+\/room$/, (near) => {
      const far = near.connectToServer();
      line.#near = near;
      near.onMessage((message) => {
        const { say } = JSON.parse(message.toString()) as { say: string };
        const fault = line.#breaksOver?.say === say ? line.#breaksOver : undefined;
        if (fault?.arrives !== false) far.send(message);
        if (!fault) return;
        line.#breaksOver = undefined;
        void far.close();
        void near.close();
      });
    });
    return line;
  }

  /** Tells the tab something, as if the server had. */
  tell(message: object): void {
    this.#near?.send(JSON.stringify(message));
  }

  /** Breaks over the next message of that kind, and swallows it. */
  lose(say: string): void {
    this.#breaksOver = { say, arrives: false };
  }

  /** Breaks over the next message of that kind, which the server still hears. */
  breakAfter(say: string): void {
    this.#breaksOver = { say, arrives: true };
  }
}
