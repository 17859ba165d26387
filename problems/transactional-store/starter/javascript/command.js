/** Parsing: from a line of input to a command and its arguments. */

// For each command, how to use it, and the pattern of its arguments.
const commands = new Map([
  ["SET", { usage: "SET <key> <value>", pattern: /^(\S+)\s+(\S+)/ }],
  ["GET", { usage: "GET <key>", pattern: /^(\S+)$/ }],
  ["UNSET", { usage: "UNSET <key>", pattern: /^(\S+)$/ }],
  ["COUNT", { usage: "COUNT <value>", pattern: /^(\S+)/ }],
  ["BEGIN", { usage: "BEGIN", pattern: /^$/ }],
  ["ROLLBACK", { usage: "ROLLBACK", pattern: /^$/ }],
  ["COMMIT", { usage: "COMMIT", pattern: /^$/ }],
  ["CHANGES", { usage: "CHANGES", pattern: /^$/ }],
]);

/** The line is not a command; the message says why. */
export class CommandError extends Error {}

/**
 * Reads the command on this line.
 *
 * @param {string} line
 * @returns {{name: string, args: string[]}}
 */
export function parse(line) {
  const [name] = line.trim().split(" ", 1);
  const command = commands.get(name);
  if (command === undefined) throw new CommandError(`unknown command ${name}`);
  const found = command.pattern.exec(line.trim().slice(name.length).trim());
  if (found === null) throw new CommandError(`usage: ${command.usage}`);
  return { name, args: found.slice(1) };
}
