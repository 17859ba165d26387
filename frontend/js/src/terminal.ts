// The terminal's facade: xterm.js behind a few plain functions, for `app::js`. It draws what it is given and tells what was
// typed; it knows nothing of shells or the network.

import { loadStyleSheet, monoFontLoaded } from "./page";
import { TerminalHandle, type TerminalOptions } from "./terminal/handle";

export type { TerminalHandle };

await Promise.all([loadStyleSheet("terminal.css"), monoFontLoaded()]);

/** A terminal inside `host`. One to type in follows its host's size; one to read keeps the size it is given. */
export function createTerminal(host: HTMLElement, options: TerminalOptions): TerminalHandle {
  return new TerminalHandle(host, options);
}
