/** What a project or a release needs: package names and constraints. */
export type Needs = Record<string, string>;

export interface Release {
  version: string;
  needs: Needs;
}

/** Chooses a version of every package that has to be installed; null if nothing fits. */
export function resolveVersions(
  registry: Record<string, Release[]>,
  wanted: Needs,
): Record<string, string> | null {
  return {};
}
