/** The spreadsheet's command line: reads commands, prints answers. */

import { readFileSync } from "node:fs";

import { Sheet } from "./sheet.js";

const sheet = new Sheet();

/** Carries out one command; returns the lines of the answer. */
function execute(line) {
  const [, command, cell, content] = /^(\S+)\s+(\S+)\s*(.*)$/.exec(line.trim()) ?? [];
  switch (command) {
    case "SET":
      sheet.put(cell, content);
      return [];
    case "CLEAR":
      sheet.put(cell, "");
      return [];
    case "GET":
      return [`${cell} = ${show(sheet.value(cell))}`];
    case "DEPENDENTS":
      return [sheet.dependents(cell).join(" ") || "none"];
    default:
      return [];
  }
}

function show(value) {
  if (value === null) return "(empty)";
  return value instanceof Error ? value.message : String(value);
}

const answers = readFileSync(0, "utf8").split("\n").flatMap(execute);
process.stdout.write(answers.map((answer) => `${answer}\n`).join(""));
