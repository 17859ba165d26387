import { readFileSync } from "node:fs";

/** One answered request. */
interface Entry {
  time: number;
  path: string;
  failed: boolean;
  millis: number;
}

type Paths = Map<string, Traffic>;

/** Returns the lines of the report on an access log; the first line holds its options. */
function report([options, ...lines]: string[]): string[] {
  const [window, top] = (options.match(/\d+/g) ?? []).map(Number);
  const windows = new Map<number, Paths>();
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
function parse(line: string): Entry | null {
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
  private readonly millis: number[] = [];
  private errors = 0;

  get count(): number {
    return this.millis.length;
  }

  add({ failed, millis }: Entry): void {
    this.millis.push(millis);
    if (failed) this.errors += 1;
  }

  describe(path: string): string {
    return `  ${path} count=${this.count} errors=${this.errors} p95=${this.p95()}`;
  }

  private p95(): number {
    const rank = Math.floor((95 * this.count + 99) / 100);
    return this.millis.sort((one, other) => one - other)[rank - 1];
  }
}

function trafficOf(windows: Map<number, Paths>, start: number, path: string): Traffic {
  const paths: Paths = windows.get(start) ?? new Map();
  windows.set(start, paths);
  const traffic = paths.get(path) ?? new Traffic();
  paths.set(path, traffic);
  return traffic;
}

/** The lines on these paths, the busiest first. */
function busiest(paths: Paths): string[] {
  return [...paths]
    .sort(([one, a], [other, b]) => b.count - a.count || (one < other ? -1 : 1))
    .map(([path, traffic]) => traffic.describe(path));
}

console.log(report(readFileSync(0, "utf8").split("\n")).join("\n"));
