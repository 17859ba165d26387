// Stands in for Monaco's module of the same purpose, which would bundle every feature of the editor (see `build.mjs`).

import { editor } from "monaco-editor/editor";

interface WorkerOptions {
  label?: string;
  createData?: unknown;
  host?: Record<string, (...args: unknown[]) => unknown>;
  keepIdleModels?: boolean;
}

interface Environment {
  MonacoEnvironment: { getWorker(module: string, label: string): Worker };
}

export function createWebWorker<T extends object>(options: WorkerOptions): editor.MonacoWebWorker<T> {
  const { MonacoEnvironment } = globalThis as unknown as Environment;
  const worker = MonacoEnvironment.getWorker("workerMain.js", options.label ?? "editor");
  // The first message starts the worker, the second is what it starts with.
  worker.postMessage("start");
  worker.postMessage(options.createData);
  const { host, keepIdleModels = false } = options;
  return editor.createWebWorker<T>({ worker, keepIdleModels, ...(host ? { host } : {}) });
}
