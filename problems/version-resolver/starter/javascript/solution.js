/**
 * Chooses a version of every package that has to be installed.
 *
 * @typedef {{version: string, needs: Record<string, string>}} Release
 * @param {Record<string, Release[]>} registry the releases of each package
 * @param {Record<string, string>} wanted the project's own needs: names and constraints
 * @returns {Record<string, string> | null} names and versions, or null if nothing fits
 */
export function resolveVersions(registry, wanted) {
  return {};
}
