/**
 * Lists the operations that turn `before` into `after`, in the order to apply them.
 *
 * @typedef {{op: "add" | "replace", path: string, value: any} | {op: "remove", path: string}} Operation
 * @param {any} before parsed JSON
 * @param {any} after parsed JSON
 * @returns {Operation[]}
 */
export function diffConfig(before, after) {
  return [...diff("", before, after)];
}

function* diff(path, before, after) {
  if (isObject(before) && isObject(after)) yield* diffObjects(path, before, after);
  else if (Array.isArray(before) && Array.isArray(after)) yield* diffLists(path, before, after);
  else if (!same(before, after)) yield { op: "replace", path, value: after };
}

function* diffObjects(path, before, after) {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const key of [...keys].sort()) {
    const place = `${path}/${escape(key)}`;
    if (!Object.hasOwn(after, key)) yield { op: "remove", path: place };
    else if (!Object.hasOwn(before, key)) yield { op: "add", path: place, value: after[key] };
    else yield* diff(place, before[key], after[key]);
  }
}

function* diffLists(path, before, after) {
  const front = commonLength(before, after);
  const [old, now] = [before.slice(front), after.slice(front)];
  const back = commonLength([...old].reverse(), [...now].reverse());
  old.length -= back;
  now.length -= back;

  const paired = Math.min(old.length, now.length);
  for (let index = 0; index < paired; index += 1) {
    yield* diff(`${path}/${front + index}`, old[index], now[index]);
  }
  for (let index = paired; index < old.length; index += 1) {
    yield { op: "remove", path: `${path}/${front + paired}` };
  }
  for (let index = paired; index < now.length; index += 1) {
    yield { op: "add", path: `${path}/${front + index}`, value: now[index] };
  }
}

/** How many elements two lists have in common at the front. */
function commonLength(one, other) {
  let length = 0;
  while (length < Math.min(one.length, other.length) && same(one[length], other[length])) {
    length += 1;
  }
  return length;
}

function same(one, other) {
  if (isObject(one) && isObject(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => Object.hasOwn(other, key) && same(one[key], other[key]))
    );
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, index) => same(value, other[index]));
  }
  return one === other;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function escape(key) {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
