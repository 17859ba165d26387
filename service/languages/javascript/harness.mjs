// Calls the candidate's function with the arguments on stdin; says on descriptor 3 what it returned, or why it did not.
// What the candidate prints is left alone. Expected values never come here.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const REPORT = 3;
const { parse, stringify } = JSON;
const exit = process.exit.bind(process);

/** Something that the platform says in its own words, without a stack. */
class Refused extends Error {}

async function load(path, file) {
  if (!existsSync(path)) throw new Refused(`there is no file ${file}`);
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refused(syntaxError(path) ?? trace(error));
  }
}

/** Where the mistake is: Node tells nobody but the terminal. Nothing of the candidate's is run. */
function syntaxError(path) {
  const again = `import(${stringify(pathToFileURL(path).href)})`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", again], {
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  if (!stderr?.includes("SyntaxError")) return undefined;
  return tidy(stderr.replace(/^Node\.js v.*$/m, ""));
}

function find(module, file, name) {
  const fallback = module.default;
  const candidates = [module[name], fallback?.[name], fallback?.name === name ? fallback : undefined];
  const found = candidates.find((value) => typeof value === "function");
  if (!found) throw new Refused(`${file} exports no function \`${name}\``);
  return found;
}

function encode(name, result) {
  const refuse = (what) => {
    throw new Refused(`\`${name}\` returned ${what}`);
  };
  if (result === undefined) refuse("nothing (undefined)");
  const check = function (key, value) {
    if (typeof value === "number" && !Number.isFinite(value)) refuse(`${value}, which is not a JSON number`);
    if (typeof value === "bigint") refuse("a BigInt: return a Number or a string");
    if (typeof value === "function") refuse("a function");
    if (typeof value === "symbol") refuse("a symbol");
    if (value === undefined && Array.isArray(this)) refuse(`an array that holds undefined at place ${key}`);
    if (value instanceof Map || value instanceof Set) {
      refuse(`a ${value.constructor.name}: return a plain object or an array`);
    }
    return value;
  };
  try {
    return `{"result":${stringify(result, check)}}`;
  } catch (error) {
    if (error instanceof TypeError && /circular/i.test(error.message)) refuse("a value that contains itself");
    if (error instanceof RangeError) refuse("a value that is nested too deeply or too large");
    throw error;
  }
}

/** The stack as the candidate's files have it. */
function trace(error) {
  if (!(error instanceof Error)) return `thrown: ${typeof error === "string" ? error : describe(error)}`;
  return tidy(String(error.stack ?? `${error.name}: ${error.message}`));
}

/** Without the platform's frames, with paths inside the workspace. */
function tidy(text) {
  const isOurs = (line) => /^\s+at /.test(line) && /node:|\/languages\/javascript\/harness\.mjs/.test(line);
  const kept = text.split("\n").filter((line) => !isOurs(line));
  return kept.join("\n").replaceAll(`file://${workspace}/`, "").replaceAll(`${workspace}/`, "").trimEnd();
}

function describe(value) {
  try {
    return stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

let hasTold = false;

function tell(text) {
  hasTold = true;
  let rest = Buffer.from(`\n${text}\n`);
  while (rest.length > 0) rest = rest.subarray(writeSync(REPORT, rest));
}

function tellFailure(type, message, trace) {
  tell(stringify({ error: { type, message, trace } }));
}

const [path, file, name] = process.argv.slice(2);
const workspace = process.cwd();
const given = parse(readFileSync(0, "utf8"));
process.argv.splice(1, process.argv.length, resolve(workspace, file));
let isWaiting = false;
process.on("exit", (status) => {
  if (hasTold) return;
  const why = isWaiting
    ? `\`${name}\` returned a promise that was never settled`
    : `the program ended (exit status ${status}) before \`${name}\` returned`;
  tellFailure("Refused", why, why);
});

// Not awaited here: Node would complain about our file when the candidate's promise is never settled.
void (async () => {
  try {
    const found = find(await load(resolve(workspace, path), file), file, name);
    const result = found(...given);
    isWaiting = true;
    tell(encode(name, await result));
  } catch (error) {
    const message = error instanceof Error ? error.message : describe(error);
    tellFailure(error?.name ?? typeof error, message, error instanceof Refused ? message : trace(error));
    exit(1);
  }
  exit(0);
})();
