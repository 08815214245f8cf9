import { text } from "../element";
import { sizeText } from "../size";
import type { Field } from "./field";

/** What a file is for the limits of its field. */
interface Described {
  readonly name: string;
  readonly size: number;
  /** Its content type; "" if the browser does not know it. */
  readonly type: string;
}

/** Tell why a file cannot be uploaded to a field; "": it can. */
export function refusalOf(file: Described, field: Field): string {
  const most = limit(field.max_size);
  if (file.size > most) return `Larger than ${sizeText(most)}, the most that a file may have.`;
  if (!accepted(file, text(field.accept))) return "Not a file of the kind that is asked for.";
  return "";
}

/** Tell why files cannot be uploaded together; "": they can. */
export function totalRefusalOf(files: readonly Described[], field: Field): string {
  const most = limit(field.max_total_size);
  const total = files.reduce((sum, each) => sum + each.size, 0);
  if (total <= most) return "";
  return `The files have ${sizeText(total)} together. They may have at most ${sizeText(most)}.`;
}

function limit(size: unknown): number {
  const most = Number(size);
  return most > 0 ? most : Infinity;
}

/** Whether the attribute `accept` names a file's ending or its type. A type that the browser does not know may be any. */
function accepted({ name, type }: Described, accept: string): boolean {
  const kinds = accept
    .split(",")
    .map((each) => each.trim().toLowerCase())
    .filter(Boolean);
  if (!kinds.length) return true;
  const [its] = type.toLowerCase().split(";");
  return kinds.some((kind) => {
    if (kind.startsWith(".")) return name.toLowerCase().endsWith(kind);
    if (!its || kind === "*" || kind === "*/*") return true;
    return kind.endsWith("/*") ? its.startsWith(kind.slice(0, -1)) : its === kind;
  });
}
