// AG Grid knows a column by one name. Python forms the same names for nested records.
const NESTED = '["';

/** The name of a field, by the keys that lead to it. */
export function pathToField(path: readonly string[]): string {
  const [first = ""] = path;
  return path.length === 1 && !first.startsWith(NESTED) ? first : JSON.stringify(path);
}

/** The keys that lead to a field. */
export function fieldToPath(field: string): string[] {
  return field.startsWith(NESTED) ? (JSON.parse(field) as string[]) : [field];
}

/** A nested record by its fields. */
export function flattenRow(record: object, path: readonly string[] = []): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record)) {
    const here = [...path, key];
    const nested = typeof value === "object" && value !== null && !Array.isArray(value);
    if (nested) Object.assign(flat, flattenRow(value, here));
    else flat[pathToField(here)] = value;
  }
  return flat;
}
