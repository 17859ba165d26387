// Workers come from this origin, beside this script, and are modules: the page's policy allows nothing else.

const SCRIPTS = new Set(["javascript", "typescript"]);

export function defineWorkers(): void {
  Object.assign(globalThis, {
    MonacoEnvironment: {
      getWorker: (_module: string, label: string) => {
        const file = SCRIPTS.has(label) ? "ts.worker.js" : "editor.worker.js";
        return new Worker(new URL(file, import.meta.url), { name: label, type: "module" });
      },
    },
  });
}
