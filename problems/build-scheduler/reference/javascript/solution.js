/**
 * Plans the build: which worker builds which target, and when.
 *
 * @typedef {{name: string, minutes: number, needs: string[]}} Target
 * @typedef {{target: string, worker: number, start: number, end: number}} Step
 * @typedef {{minutes: number, steps: Step[], missing: string[], stuck: string[]}} Plan
 * @param {Target[]} targets
 * @param {number} workers how many workers there are, numbered from 1
 * @returns {Plan}
 */
export function planBuild(targets, workers) {
  const graph = new Map(targets.map((target) => [target.name, new Node(target)]));
  const missing = new Set(targets.flatMap(({ needs }) => needs).filter((need) => !graph.has(need)));
  if (missing.size > 0) return plan({ missing: [...missing].sort() });

  for (const node of graph.values()) {
    for (const need of node.needs) graph.get(need).wantedBy.push(node);
  }
  const order = buildOrder(graph);
  if (order.length < graph.size) {
    const built = new Set(order);
    const stuck = [...graph.values()].filter((node) => !built.has(node));
    return plan({ stuck: stuck.map((node) => node.name).sort() });
  }
  measureUrgency(order);
  return plan({ steps: simulate(order, workers) });
}

function plan({ steps = [], missing = [], stuck = [] }) {
  const minutes = steps.reduce((latest, { end }) => Math.max(latest, end), 0);
  return { minutes, steps, missing, stuck };
}

/** A target and its place among the others. */
class Node {
  wantedBy = [];
  urgency = 0;

  constructor({ name, minutes, needs }) {
    this.name = name;
    this.minutes = minutes;
    this.needs = new Set(needs);
  }
}

/** Counts down the open needs of targets, and tells when one becomes ready. */
class Countdown {
  #open;

  constructor(nodes) {
    this.#open = new Map([...nodes].map((node) => [node, node.needs.size]));
  }

  readyAtOnce() {
    return [...this.#open].filter(([, open]) => open === 0).map(([node]) => node);
  }

  /** The targets that become ready because this one is finished. */
  finish(finished) {
    return finished.wantedBy.filter((node) => {
      this.#open.set(node, this.#open.get(node) - 1);
      return this.#open.get(node) === 0;
    });
  }
}

/** All targets that can be built, each after everything it needs. */
function buildOrder(graph) {
  const countdown = new Countdown(graph.values());
  const order = countdown.readyAtOnce();
  for (const node of order) order.push(...countdown.finish(node));
  return order;
}

/** Gives each target the length of the longest chain of work that begins with it. */
function measureUrgency(order) {
  for (const node of [...order].reverse()) {
    node.urgency = node.minutes + Math.max(0, ...node.wantedBy.map(({ urgency }) => urgency));
  }
}

/** Lets the workers build everything; returns the steps in the order in which they start. */
function simulate(nodes, workers) {
  const countdown = new Countdown(nodes);
  const ready = new Queue((a, b) => b.urgency - a.urgency || (a.name < b.name ? -1 : 1));
  const free = new Queue((a, b) => a - b);
  const running = new Queue((a, b) => a.end - b.end);
  const steps = [];
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
class Queue {
  #heap = [];
  #compare;

  constructor(compare) {
    this.#compare = compare;
  }

  get size() {
    return this.#heap.length;
  }

  get first() {
    return this.#heap[0];
  }

  push(item) {
    let index = this.#heap.push(item) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#isInOrder(parent, index)) return;
      this.#swap(parent, index);
      index = parent;
    }
  }

  pop() {
    this.#swap(0, this.size - 1);
    const item = this.#heap.pop();
    let index = 0;
    for (;;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      if (left >= this.size) return item;
      const least = right < this.size && this.#isInOrder(right, left) ? right : left;
      if (this.#isInOrder(index, least)) return item;
      this.#swap(index, least);
      index = least;
    }
  }

  #isInOrder(one, other) {
    return this.#compare(this.#heap[one], this.#heap[other]) <= 0;
  }

  #swap(one, other) {
    [this.#heap[one], this.#heap[other]] = [this.#heap[other], this.#heap[one]];
  }
}
