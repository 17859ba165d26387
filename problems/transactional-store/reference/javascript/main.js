/** The store's command line: reads commands, prints replies. */

import { readFileSync } from "node:fs";

import { CommandError, parse } from "./command.js";
import { Store } from "./store.js";
import { NoTransaction, Transactions } from "./transactions.js";

const transactions = new Transactions(new Store());

const actions = {
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
function execute(line) {
  try {
    const { name, args } = parse(line);
    return actions[name](...args) ?? [];
  } catch (error) {
    if (error instanceof CommandError) return [`ERROR ${error.message}`];
    if (error instanceof NoTransaction) return ["NO TRANSACTION"];
    throw error;
  }
}

function describeChanges() {
  const changes = transactions
    .changes()
    .map(({ key, before, now }) => `${key}: ${orNull(before)} -> ${orNull(now)}`);
  return changes.length > 0 ? changes : ["NO CHANGES"];
}

function orNull(value) {
  return value ?? "NULL";
}

const lines = readFileSync(0, "utf8").split("\n");
const replies = lines.filter((line) => line.trim() !== "").flatMap(execute);
process.stdout.write(replies.map((reply) => `${reply}\n`).join(""));
