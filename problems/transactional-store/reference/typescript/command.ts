/** Parsing: from a line of input to a command and its arguments. */

// For each command, how to use it, and the pattern of its arguments.
const commands = {
  SET: { usage: "SET <key> <value>", pattern: /^(\S+)\s+(.+)$/ },
  GET: { usage: "GET <key>", pattern: /^(\S+)$/ },
  UNSET: { usage: "UNSET <key>", pattern: /^(\S+)$/ },
  COUNT: { usage: "COUNT <value>", pattern: /^(.+)$/ },
  BEGIN: { usage: "BEGIN", pattern: /^$/ },
  ROLLBACK: { usage: "ROLLBACK", pattern: /^$/ },
  COMMIT: { usage: "COMMIT", pattern: /^$/ },
  CHANGES: { usage: "CHANGES", pattern: /^$/ },
};

export type CommandName = keyof typeof commands;

export interface Command {
  name: CommandName;
  args: string[];
}

/** The line is not a command; the message says why. */
export class CommandError extends Error {}

/** Reads the command on this line. */
export function parse(line: string): Command {
  const [name] = line.trim().split(" ", 1);
  if (!isCommandName(name)) throw new CommandError(`unknown command ${name}`);
  const { usage, pattern } = commands[name];
  const found = pattern.exec(line.trim().slice(name.length).trim());
  if (found === null) throw new CommandError(`usage: ${usage}`);
  return { name, args: found.slice(1) };
}

function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}
