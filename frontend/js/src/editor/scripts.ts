// The TypeScript service, for JavaScript too. It is large, so it comes when the first such file is opened for editing.

import type { Script } from "./languages";

const started = new Set<Script>();

/** Starts the service for a language, once. Without it the editor works on; it only knows less. */
export function startScriptService(language: Script): void {
  if (started.has(language)) return;
  started.add(language);
  void import("./scripts/service").then((service) => service.start(language)).catch(() => started.delete(language));
}
