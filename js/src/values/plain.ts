/** Deeper values are encoded in the slow way, which also detects cycles. */
const DEEPEST = 64;

/**
 * Whether `JSON.stringify` alone can express a value, because nothing in it is special. Checking first and then using
 * the browser's own code is several times faster than a replacer function. May return false unnecessarily.
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
  // Both loops are written out, because this runs for every member of large results.
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
