/** The store's command line: reads commands, prints replies. */

import { readFileSync } from "node:fs";

import { CommandError, parse, type CommandName } from "./command.ts";
import { Store } from "./store.ts";
import { NoTransaction, Transactions } from "./transactions.ts";

const transactions = new Transactions(new Store());

const actions: Record<CommandName, (...args: string[]) => string[] | void> = {
  SET: (key, value) => transactions.put(key, value),
  GET: (key) => [orNull(transactions.get(key))],
  UNSET: (key) => transactions.put(key, null),
  COUNT: (value) => [String(transactions.count(value))],
  BEGIN: () => transactions.begin(),
  ROLLBACK: () => transactions.rollback(),
  COMMIT: () => transactions.commit(),
  CHANGES: describeChanges,
};

/** Carries out one line of input; returns the lines of the reply. */
function execute(line: string): string[] {
  try {
    const { name, args } = parse(line);
    return actions[name](...args) ?? [];
  } catch (error) {
    if (error instanceof CommandError) return [`ERROR ${error.message}`];
    if (error instanceof NoTransaction) return ["NO TRANSACTION"];
    throw error;
  }
}

function describeChanges(): string[] {
  const changes = transactions
    .changes()
    .map(({ key, before, now }) => `${key}: ${orNull(before)} -> ${orNull(now)}`);
  return changes.length > 0 ? changes : ["NO CHANGES"];
}

function orNull(value: string | null): string {
  return value ?? "NULL";
}

const lines = readFileSync(0, "utf8").split("\n");
const replies = lines.filter((line) => line.trim() !== "").flatMap(execute);
process.stdout.write(replies.map((reply) => `${reply}\n`).join(""));
