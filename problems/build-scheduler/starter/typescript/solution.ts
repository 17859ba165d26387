export interface Target {
  name: string;
  minutes: number;
  needs: string[];
}

export interface Step {
  target: string;
  worker: number;
  start: number;
  end: number;
}

export interface Plan {
  minutes: number;
  steps: Step[];
  missing: string[];
  stuck: string[];
}

/** Plans the build: which worker (numbered from 1) builds which target, and when. */
export function planBuild(targets: Target[], workers: number): Plan {
  return { minutes: 0, steps: [], missing: [], stuck: [] };
}
