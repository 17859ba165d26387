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
  const graph = new Map(targets.map((target) => [target.name, new Node(target)]));
  const missing = new Set(targets.flatMap(({ needs }) => needs).filter((need) => !graph.has(need)));
  if (missing.size > 0) return plan({ missing: [...missing].sort() });

  for (const node of graph.values()) {
    for (const need of node.needs) graph.get(need)?.wantedBy.push(node);
  }
  const order = buildOrder(graph.values());
  if (order.length < graph.size) {
    const built = new Set(order);
    const stuck = [...graph.values()].filter((node) => !built.has(node));
    return plan({ stuck: stuck.map((node) => node.name).sort() });
  }
  measureUrgency(order);
  return plan({ steps: simulate(order, workers) });
}

function plan({ steps = [], missing = [], stuck = [] }: Partial<Plan>): Plan {
  const minutes = steps.reduce((latest, { end }) => Math.max(latest, end), 0);
  return { minutes, steps, missing, stuck };
}

/** A target and its place among the others. */
class Node {
  readonly name: string;
  readonly minutes: number;
  readonly needs: Set<string>;
  readonly wantedBy: Node[] = [];
  urgency = 0;

  constructor({ name, minutes, needs }: Target) {
    this.name = name;
    this.minutes = minutes;
    this.needs = new Set(needs);
  }
}

/** Counts down the open needs of targets, and tells when one becomes ready. */
class Countdown {
  private readonly open: Map<Node, number>;

  constructor(nodes: Iterable<Node>) {
    this.open = new Map([...nodes].map((node) => [node, node.needs.size]));
  }

  readyAtOnce(): Node[] {
    return [...this.open].filter(([, open]) => open === 0).map(([node]) => node);
  }

  /** The targets that become ready because this one is finished. */
  finish(finished: Node): Node[] {
    return finished.wantedBy.filter((node) => {
      const open = (this.open.get(node) ?? 0) - 1;
      this.open.set(node, open);
      return open === 0;
    });
  }
}

/** All targets that can be built, each after everything it needs. */
function buildOrder(nodes: Iterable<Node>): Node[] {
  const countdown = new Countdown(nodes);
  const order = countdown.readyAtOnce();
  for (const node of order) order.push(...countdown.finish(node));
  return order;
}

/** Gives each target the length of the longest chain of work that begins with it. */
function measureUrgency(order: Node[]): void {
  for (const node of [...order].reverse()) {
    node.urgency = node.minutes + Math.max(0, ...node.wantedBy.map(({ urgency }) => urgency));
  }
}

/** Lets the workers build everything; returns the steps in the order in which they start. */
function simulate(nodes: Node[], workers: number): Step[] {
  const countdown = new Countdown(nodes);
  const ready = new Queue<Node>((a, b) => b.urgency - a.urgency || (a.name < b.name ? -1 : 1));
  const free = new Queue<number>((a, b) => a - b);
  const running = new Queue<{ end: number; worker: number; node: Node }>((a, b) => a.end - b.end);
  const steps: Step[] = [];
  let now = 0;

  countdown.readyAtOnce().forEach((node) => ready.push(node));
  for (let worker = 1; worker <= workers; worker += 1) free.push(worker);
  while (ready.size > 0 || running.size > 0) {
    while (ready.size > 0 && free.size > 0) {
      const [node, worker] = [ready.pop(), free.pop()];
      const end = now + node.minutes;
      running.push({ end, worker, node });
      steps.push({ target: node.name, worker, start: now, end });
    }

    now = running.first.end;
    while (running.size > 0 && running.first.end === now) {
      const { worker, node } = running.pop();
      free.push(worker);
      countdown.finish(node).forEach((waiting) => ready.push(waiting));
    }
  }
  return steps;
}

/** A priority queue: a binary heap whose first item is the least by `compare`. */
class Queue<Item> {
  private readonly heap: Item[] = [];

  constructor(private readonly compare: (one: Item, other: Item) => number) {}

  get size(): number {
    return this.heap.length;
  }

  /** The least item of a queue that is not empty. */
  get first(): Item {
    return this.heap[0];
  }

  push(item: Item): void {
    let index = this.heap.push(item) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.isInOrder(parent, index)) return;
      this.swap(parent, index);
      index = parent;
    }
  }

  /** Takes the least item out of a queue that is not empty. */
  pop(): Item {
    const item = this.heap[0];
    this.swap(0, this.size - 1);
    this.heap.length -= 1;
    let index = 0;
    for (;;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      if (left >= this.size) return item;
      const least = right < this.size && this.isInOrder(right, left) ? right : left;
      if (this.isInOrder(index, least)) return item;
      this.swap(index, least);
      index = least;
    }
  }

  private isInOrder(one: number, other: number): boolean {
    return this.compare(this.heap[one], this.heap[other]) <= 0;
  }

  private swap(one: number, other: number): void {
    [this.heap[one], this.heap[other]] = [this.heap[other], this.heap[one]];
  }
}
