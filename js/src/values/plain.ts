/** Deeper values go the slow way, which also finds out about cycles. */
const DEEPEST = 64;

/**
 * Whether `JSON.stringify` alone says all there is to say of a value: nothing in it is special. Looking first and then
 * letting the browser's own code write is several times faster than a replacer function. May say no without need.
 */
export function isPlain(value: unknown): boolean {
  return look(value, []);
}

function look(value: unknown, around: object[]): boolean {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value);
    case "bigint":
      return false;
    case "object":
      return value === null || lookInside(value, around);
    default:
      return true;
  }
}

function lookInside(value: object, around: object[]): boolean {
  if (around.length >= DEEPEST || around.includes(value)) return false;
  const isList = Array.isArray(value);
  if (!isList && Object.getPrototypeOf(value) !== Object.prototype) return false;
  if ("toJSON" in value) return false;
  around.push(value);
  // Both loops are written out: this runs for every member of large results.
  let plain = true;
  if (isList) {
    for (let index = 0; plain && index < value.length; index++) plain = look(value[index], around);
  } else {
    for (const key of Object.keys(value)) {
      plain = look((value as Record<string, unknown>)[key], around);
      if (!plain) break;
    }
  }
  around.pop();
  return plain;
}
