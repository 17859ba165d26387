/** What a project or a release needs: package names and constraints. */
export type Needs = Record<string, string>;

export interface Release {
  version: string;
  needs: Needs;
}

type Version = [major: number, minor: number, patch: number];

/** A release whose version has been read. */
interface Candidate extends Release {
  numbers: Version;
}

/** For each package, the releases to choose from, the newest first. */
type Candidates = Map<string, Candidate[]>;

/** Chooses a version of every package that has to be installed; null if nothing fits. */
export function resolveVersions(
  registry: Record<string, Release[]>,
  wanted: Needs,
): Record<string, string> | null {
  const newestFirst: Candidates = new Map(
    Object.entries(registry).map(([name, releases]) => [name, releases.map(read).sort(newer)]),
  );
  const possible = narrow(new Map(), wanted, newestFirst);
  const solution = possible && search(new Map(), possible, newestFirst);
  return solution && Object.fromEntries(solution);
}

function read(release: Release): Candidate {
  return { ...release, numbers: parse(release.version) };
}

function newer(one: Candidate, other: Candidate): number {
  return compare(other.numbers, one.numbers);
}

/**
 * The first solution that completes what is chosen, or null. For each package that has to be
 * installed, `possible` holds the releases that all needs so far allow.
 */
function search(
  chosen: Map<string, string>,
  possible: Candidates,
  registry: Candidates,
): Map<string, string> | null {
  const open = [...possible].filter(([name]) => !chosen.has(name));
  if (open.length === 0) return chosen;
  const [name, releases] = open.reduce((first, other) => (other[0] < first[0] ? other : first));
  for (const release of releases) {
    const narrowed = narrow(new Map(possible).set(name, [release]), release.needs, registry);
    if (narrowed === null) continue;
    const solution = search(new Map(chosen).set(name, release.version), narrowed, registry);
    if (solution !== null) return solution;
  }
  return null;
}

/** What is still possible once these needs have to be met; null if they cannot be. */
function narrow(possible: Candidates, needs: Needs, registry: Candidates): Candidates | null {
  const narrowed = new Map(possible);
  for (const [name, constraint] of Object.entries(needs)) {
    const candidates = narrowed.get(name) ?? registry.get(name) ?? [];
    const allowed = candidates.filter(({ numbers }) => allows(constraint, numbers));
    if (allowed.length === 0) return null;
    narrowed.set(name, allowed);
  }
  return narrowed;
}

function allows(constraint: string, version: Version): boolean {
  return constraint === "*" || constraint.split(" ").every((part) => partAllows(part, version));
}

function partAllows(part: string, version: Version): boolean {
  const [, sign, text] = /^([<>=~^]*)(.*)$/.exec(part) ?? ["", "", part];
  const bound = parse(text);
  const order = compare(version, bound);
  switch (sign) {
    case "":
      return order === 0;
    case ">=":
      return order >= 0;
    case ">":
      return order > 0;
    case "<=":
      return order <= 0;
    case "<":
      return order < 0;
    case "~":
      return order >= 0 && agree(version, bound, 2);
    case "^":
      return order >= 0 && agree(version, bound, significant(bound));
    default:
      throw new Error(`not a constraint: ${part}`);
  }
}

/** Whether the first few numbers of two versions are the same. */
function agree(one: Version, other: Version, count: number): boolean {
  return one.slice(0, count).every((number, place) => number === other[place]);
}

/** How many numbers there are up to the leftmost that is not zero, or all of them. */
function significant(version: Version): number {
  const place = version.findIndex((number) => number !== 0);
  return place === -1 ? version.length : place + 1;
}

function parse(version: string): Version {
  const [major, minor, patch] = version.split(".").map(Number);
  return [major, minor, patch];
}

function compare(one: Version, other: Version): number {
  const place = one.findIndex((number, place) => number !== other[place]);
  return place === -1 ? 0 : one[place] - other[place];
}
