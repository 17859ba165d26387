/**
 * Chooses a version of every package that has to be installed.
 *
 * @typedef {{version: string, needs: Record<string, string>}} Release
 * @param {Record<string, Release[]>} registry the releases of each package
 * @param {Record<string, string>} wanted the project's own needs: names and constraints
 * @returns {Record<string, string> | null} names and versions, or null if nothing fits
 */
export function resolveVersions(registry, wanted) {
  const newestFirst = new Map(
    Object.entries(registry).map(([name, releases]) => [name, releases.map(read).sort(newer)]),
  );
  const possible = narrow(new Map(), wanted, newestFirst);
  const solution = possible && search(new Map(), possible, newestFirst);
  return solution && Object.fromEntries(solution);
}

function read(release) {
  return { ...release, numbers: parse(release.version) };
}

function newer(one, other) {
  return compare(other.numbers, one.numbers);
}

/**
 * The first solution that completes what is chosen, or null. For each package that has to be
 * installed, `possible` holds the releases that all needs so far allow.
 */
function search(chosen, possible, registry) {
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
function narrow(possible, needs, registry) {
  const narrowed = new Map(possible);
  for (const [name, constraint] of Object.entries(needs)) {
    const candidates = narrowed.get(name) ?? registry.get(name) ?? [];
    const allowed = candidates.filter(({ numbers }) => allows(constraint, numbers));
    if (allowed.length === 0) return null;
    narrowed.set(name, allowed);
  }
  return narrowed;
}

function allows(constraint, version) {
  return constraint === "*" || constraint.split(" ").every((part) => partAllows(part, version));
}

function partAllows(part, version) {
  const [, sign, text] = /^([<>=~^]*)(.*)$/.exec(part);
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
  }
}

/** Whether the first few numbers of two versions are the same. */
function agree(one, other, count) {
  return one.slice(0, count).every((number, place) => number === other[place]);
}

/** How many numbers there are up to the leftmost that is not zero, or all of them. */
function significant(version) {
  const place = version.findIndex((number) => number !== 0);
  return place === -1 ? version.length : place + 1;
}

function parse(version) {
  return version.split(".").map(Number);
}

function compare(one, other) {
  const place = one.findIndex((number, place) => number !== other[place]);
  return place === -1 ? 0 : one[place] - other[place];
}
