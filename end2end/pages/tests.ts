// A run's cases as rows: how each ended, what it is called, how long it took.

import type { Locator } from "@playwright/test";

export interface Case {
  outcome: string;
  name: string;
  time: string;
}

/** The cases that a candidate may see; hidden ones they know by their count alone. */
export async function casesIn(place: Locator): Promise<Case[]> {
  return place.locator("details[data-outcome]").evaluateAll((rows) =>
    rows.filter((row) => row.querySelector("summary .badge")?.textContent !== "hidden").map((row) => {
      const part = (name: string) => row.querySelector(`summary .case-${name}`)?.textContent ?? "";
      return { outcome: part("outcome"), name: part("name"), time: part("time") };
    }),
  );
}
