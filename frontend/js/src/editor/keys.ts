// The room's keys. They are taken before Monaco sees them, in its find box too, and reach the page by name.

const COMMANDS: Record<string, string> = {
  "mod+Enter": "run",
  "mod+shift+Enter": "submit",
  "mod+KeyS": "save",
  "mod+KeyJ": "terminal",
  "mod+KeyL": "assistant",
  "mod+KeyB": "files",
  F1: "keys",
};

/** The name of the command a key asks for, if it is one of the room's. */
export function commandOf(event: KeyboardEvent): string | undefined {
  if (event.altKey) return undefined;
  const mod = event.ctrlKey || event.metaKey ? "mod+" : "";
  // Letters by what they say, not by where they lie: on another layout the L key is elsewhere.
  const key = event.key.length === 1 ? `Key${event.key.toUpperCase()}` : event.key;
  return COMMANDS[mod + (event.shiftKey ? "shift+" : "") + key];
}
