// The terminal's colours, from the page's tokens.

import type { ITheme } from "@xterm/xterm";

import { colour } from "../page";

export function terminalTheme(): ITheme {
  return {
    background: colour("ground-panel"),
    foreground: colour("code-text"),
    cursor: colour("focus"),
    cursorAccent: colour("ground-panel"),
    selectionBackground: colour("code-selection"),
    selectionInactiveBackground: colour("code-selection-quiet"),
    scrollbarSliderBackground: colour("scrollbar"),
    scrollbarSliderHoverBackground: colour("scrollbar-hover"),
    scrollbarSliderActiveBackground: colour("scrollbar-hover"),
    black: colour("ansi-black"),
    red: colour("ansi-red"),
    green: colour("ansi-green"),
    yellow: colour("ansi-yellow"),
    blue: colour("ansi-blue"),
    magenta: colour("ansi-magenta"),
    cyan: colour("ansi-cyan"),
    white: colour("ansi-white"),
    brightBlack: colour("ansi-bright-black"),
    brightRed: colour("ansi-bright-red"),
    brightGreen: colour("ansi-bright-green"),
    brightYellow: colour("ansi-bright-yellow"),
    brightBlue: colour("ansi-bright-blue"),
    brightMagenta: colour("ansi-bright-magenta"),
    brightCyan: colour("ansi-bright-cyan"),
    brightWhite: colour("ansi-bright-white"),
  };
}
