export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type Operation =
  | { op: "add" | "replace"; path: string; value: Json }
  | { op: "remove"; path: string };

/** Lists the operations that turn `before` into `after`, in the order to apply them. */
export function diffConfig(before: Json, after: Json): Operation[] {
  return [];
}
