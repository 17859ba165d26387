/**
 * Lists the operations that turn `before` into `after`, in the order to apply them.
 *
 * @typedef {{op: "add" | "replace", path: string, value: any} | {op: "remove", path: string}} Operation
 * @param {any} before parsed JSON
 * @param {any} after parsed JSON
 * @returns {Operation[]}
 */
export function diffConfig(before, after) {
  return [];
}
