import { readFileSync } from "node:fs";

/**
 * Returns the lines of the report on an access log; the first line holds its options.
 *
 * @param {string[]} lines
 * @returns {string[]}
 */
function report([options, ...lines]) {
  const [window, top] = options.match(/\d+/g).map(Number);
  const windows = new Map();
  let skipped = 0;
  for (const line of lines.filter((line) => line.trim() !== "")) {
    const entry = parse(line);
    if (entry === null) skipped += 1;
    else trafficOf(windows, entry.time - (entry.time % window), entry.path).add(entry);
  }

  const printed = [...windows]
    .sort(([one], [other]) => one - other)
    .flatMap(([start, paths]) => [`window ${start}`, ...busiest(paths).slice(0, top)]);
  return [...printed, `skipped ${skipped}`];
}

/** The entry on this line, or null if the line is broken. */
function parse(line) {
  const fields = line.trim().split(/\s+/);
  if (fields.length !== 5) return null;
  const [time, , target, status, millis] = fields;
  if (![time, status, millis].every((text) => /^[0-9]+$/.test(text))) return null;
  if (Number(status) < 100 || Number(status) > 599 || !target.startsWith("/")) return null;
  return {
    time: Number(time),
    path: target.split("?")[0],
    failed: Number(status) >= 500,
    millis: Number(millis),
  };
}

/** What is reported of one path in one window. */
class Traffic {
  #millis = [];
  #errors = 0;

  get count() {
    return this.#millis.length;
  }

  add({ failed, millis }) {
    this.#millis.push(millis);
    if (failed) this.#errors += 1;
  }

  describe(path) {
    return `  ${path} count=${this.count} errors=${this.#errors} p95=${this.#p95()}`;
  }

  #p95() {
    const rank = Math.floor((95 * this.count + 99) / 100);
    return this.#millis.sort((one, other) => one - other)[rank - 1];
  }
}

function trafficOf(windows, start, path) {
  if (!windows.has(start)) windows.set(start, new Map());
  const paths = windows.get(start);
  if (!paths.has(path)) paths.set(path, new Traffic());
  return paths.get(path);
}

/** The lines on these paths, the busiest first. */
function busiest(paths) {
  return [...paths]
    .sort(([one, a], [other, b]) => b.count - a.count || (one < other ? -1 : 1))
    .map(([path, traffic]) => traffic.describe(path));
}

console.log(report(readFileSync(0, "utf8").split("\n")).join("\n"));
