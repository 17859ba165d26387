// The keys that belong to the page or the browser rather than to the shell. Ctrl+L stays: it clears the screen.

import type { Terminal } from "@xterm/xterm";

const APPLE = /Mac|iPhone|iPad/.test(navigator.platform);

/** Whether the shell shall not get a key. */
export function keyIsThePages(event: KeyboardEvent, terminal: Terminal): boolean {
  if (event.key === "F1") return true;
  const mod = event.ctrlKey || event.metaKey;
  if (!mod || event.altKey) return false;
  if (event.key === "Enter") return true;
  switch (event.key.toLowerCase()) {
    case "j":
      return !event.shiftKey;
    case "f":
      return !event.shiftKey && (event.metaKey || !APPLE);
    case "v":
      return !APPLE || event.shiftKey;
    case "c":
      return copies(event, terminal);
    default:
      return false;
  }
}

/** Ctrl+C copies what is selected; with nothing selected it interrupts. Ctrl+Shift+C always copies. */
function copies(event: KeyboardEvent, terminal: Terminal): boolean {
  if (!event.shiftKey) return !APPLE && terminal.hasSelection();
  // Shift makes it a browser's key, so the copy has to be asked for.
  if (event.type === "keydown") {
    event.preventDefault();
    document.execCommand("copy");
  }
  return true;
}
