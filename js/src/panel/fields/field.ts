import { text } from "../element";

/** A field of a form or pin in Python's format: `type` determines its other fields. */
export interface Field {
  name: string;
  type: string;
  [field: string]: unknown;
}

/** The value of a control as Python gets it. Values of options never leave Python: they are named by their index. */
export type Raw = string | number | null | readonly (number | string)[];

/** What comes from Python as a field. */
export function fieldOf(described: unknown): Field {
  const given = Object(described) as Record<string, unknown>;
  return { ...given, name: text(given.name), type: text(given.type) };
}

/** An option of a choice, or a button of `actions`. */
export interface Option {
  readonly label: string;
  readonly disabled: boolean;
  readonly type: string;
  readonly color: string;
}

export function optionsOf(described: unknown): Option[] {
  if (!Array.isArray(described)) return [];
  return described.map((each) => {
    const { label, disabled, type, color } = Object(each) as Record<string, unknown>;
    return { label: text(label), disabled: disabled === true, type: text(type), color: text(color) };
  });
}

/** The indices in something that should be a list of them. */
export function indicesOf(value: unknown): Set<number> {
  return new Set(Array.isArray(value) ? value.filter(Number.isInteger) : []);
}

/** The value that Python gives a field at the start, at a reset, and with another `set`. */
export function initialOf({ type, value, selected }: Field): Raw {
  if (type === "select" || type === "checkbox" || type === "radio") return [...indicesOf(selected)];
  if (type === "actions") return null;
  if (type === "file") return [];
  return typeof value === "number" ? value : text(value);
}
