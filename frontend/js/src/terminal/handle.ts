// One terminal.

import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { UnicodeGraphemesAddon } from "@xterm/addon-unicode-graphemes";
import { WebglAddon } from "@xterm/addon-webgl";
import { type IDisposable, Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";

import { CODE_SIZE, MONO, motionReduced } from "../page";
import { keyIsThePages } from "./keys";
import { Links } from "./links";
import { terminalTheme } from "./theme";

export interface TerminalOptions {
  readOnly: boolean;
  ariaLabel: string;
}

const SCROLLBACK_LINES = 5000;
const SMALLEST_SIZE = 10;
const FIT_AFTER_MS = 50;

/** Cancels whatever sequence is half read, then resets everything: screen, scrollback, modes. */
const FULL_RESET = "\x18\x1bc";

export class TerminalHandle {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon();
  readonly #owned: IDisposable[] = [];
  readonly #listening = new AbortController();
  readonly #observer: ResizeObserver;
  #fitTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: HTMLElement,
    private readonly options: TerminalOptions,
  ) {
    const links = new Links(host);
    this.#terminal = new Terminal({
      allowProposedApi: true,
      cursorBlink: !options.readOnly && !motionReduced(),
      cursorInactiveStyle: "outline",
      disableStdin: options.readOnly,
      fontFamily: MONO,
      fontSize: CODE_SIZE,
      fontWeightBold: 600,
      lineHeight: 1.2,
      linkHandler: links.handler(),
      minimumContrastRatio: 4.5,
      screenReaderMode: true,
      scrollback: SCROLLBACK_LINES,
      theme: terminalTheme(),
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(this.#search);
    this.#terminal.loadAddon(new UnicodeGraphemesAddon());
    this.#terminal.loadAddon(links.addon());
    this.#terminal.open(host);
    this.#terminal.textarea?.setAttribute("aria-label", options.ariaLabel);
    this.#drawWithWebgl();
    this.#terminal.attachCustomKeyEventHandler((event) => !keyIsThePages(event, this.#terminal));
    if (options.readOnly) this.#owned.push(this.#terminal.onWriteParsed(() => this.#followCursor()));
    this.#observer = new ResizeObserver(() => this.#sizeChanged());
    this.#observer.observe(host);
  }

  write(data: string): void {
    this.#terminal.write(data);
  }

  /** Calls back once the data is on the screen's model, which is what flow control waits for. */
  writeThen(data: string, then: () => void): void {
    this.#terminal.write(data, then);
  }

  /** Begins anew: in its place among what was written, so that nothing written before comes after. */
  reset(): void {
    this.#terminal.write(FULL_RESET);
  }

  /** What was typed or pasted, and what programs asked the terminal to answer. */
  onInput(tell: (data: string) => void): void {
    this.#owned.push(this.#terminal.onData(tell), this.#terminal.onBinary(tell));
  }

  onResize(tell: (cols: number, rows: number) => void): void {
    this.#owned.push(this.#terminal.onResize(({ cols, rows }) => tell(cols, rows)));
  }

  onCopy(tell: (text: string) => void): void {
    const copied = () => {
      const text = this.#terminal.getSelection();
      if (text !== "") tell(text);
    };
    this.host.addEventListener("copy", copied, { capture: true, signal: this.#listening.signal });
  }

  /** Takes as many columns and rows as the host has room for. */
  fit(): void {
    if (this.host.clientWidth > 0 && this.host.clientHeight > 0) this.#fit.fit();
  }

  /** Takes a recorded size, in smaller letters if the host needs it; what still does not fit scrolls with the cursor. */
  resize(cols: number, rows: number): void {
    if (cols < 1 || rows < 1) return;
    this.#terminal.resize(cols, rows);
    if (this.options.readOnly) this.#scaleToHost();
  }

  cols(): number {
    return this.#terminal.cols;
  }

  rows(): number {
    return this.#terminal.rows;
  }

  /** The rows in sight, without trailing space. */
  screenText(): string {
    const { active } = this.#terminal.buffer;
    const rows = Array.from({ length: this.#terminal.rows }, (_, row) => active.getLine(active.viewportY + row));
    return rows.map((line) => line?.translateToString(true).trimEnd() ?? "").join("\n").trimEnd();
  }

  /** Finds an occurrence and selects it; whether there is one. While a query is `growing`, the one selected may do. */
  search(query: string, way: "growing" | "next" | "previous"): boolean {
    if (way === "previous") return this.#search.findPrevious(query);
    return this.#search.findNext(query, { incremental: way === "growing" });
  }

  /** Selects nothing any more, so that Ctrl+C interrupts again. */
  endSearch(): void {
    this.#search.clearActiveDecoration();
    this.#terminal.clearSelection();
  }

  focus(): void {
    this.#terminal.focus();
  }

  dispose(): void {
    clearTimeout(this.#fitTimer);
    this.#observer.disconnect();
    this.#listening.abort();
    for (const owned of this.#owned) owned.dispose();
    this.#terminal.dispose();
  }

  #sizeChanged(): void {
    clearTimeout(this.#fitTimer);
    this.#fitTimer = setTimeout(() => (this.options.readOnly ? this.#scaleToHost() : this.fit()), FIT_AFTER_MS);
  }

  #scaleToHost(): void {
    const screen = this.#screen();
    const { clientWidth, clientHeight } = this.host;
    if (!screen || clientWidth === 0 || clientHeight === 0) return;
    const room = Math.min((clientWidth - screen.across) / screen.width, (clientHeight - screen.down) / screen.height);
    const size = Math.floor((this.#terminal.options.fontSize ?? CODE_SIZE) * room * 2) / 2;
    this.#terminal.options.fontSize = Math.max(SMALLEST_SIZE, Math.min(CODE_SIZE, size));
    this.#followCursor();
  }

  /** Where the recorded size is larger than the host, the row being written stays in sight. */
  #followCursor(): void {
    const screen = this.#screen();
    if (!screen) return;
    const bottom = ((this.#terminal.buffer.active.cursorY + 1) * screen.height) / this.#terminal.rows + screen.down;
    this.host.scrollTop = Math.max(0, bottom - this.host.clientHeight);
  }

  /** The size of the rows and columns, and of the padding around them. */
  #screen(): { width: number; height: number; across: number; down: number } | undefined {
    const rows = this.host.querySelector<HTMLElement>(".xterm-screen");
    if (!rows || !this.#terminal.element || rows.offsetWidth === 0) return undefined;
    const style = getComputedStyle(this.#terminal.element);
    return {
      width: rows.offsetWidth,
      height: rows.offsetHeight,
      across: parseFloat(style.paddingLeft) + parseFloat(style.paddingRight),
      down: parseFloat(style.paddingTop) + parseFloat(style.paddingBottom),
    };
  }

  /** Without a usable graphics card the terminal draws with elements, which it also falls back to when one is lost. */
  #drawWithWebgl(): void {
    try {
      const webgl = new WebglAddon();
      webgl.onContextLoss(() => webgl.dispose());
      this.#terminal.loadAddon(webgl);
    } catch {
      // Elements it is.
    }
  }
}
