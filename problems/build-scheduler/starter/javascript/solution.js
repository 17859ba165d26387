/**
 * Plans the build: which worker builds which target, and when.
 *
 * @typedef {{name: string, minutes: number, needs: string[]}} Target
 * @typedef {{target: string, worker: number, start: number, end: number}} Step
 * @typedef {{minutes: number, steps: Step[], missing: string[], stuck: string[]}} Plan
 * @param {Target[]} targets
 * @param {number} workers how many workers there are, numbered from 1
 * @returns {Plan}
 */
export function planBuild(targets, workers) {
  return { minutes: 0, steps: [], missing: [], stuck: [] };
}
