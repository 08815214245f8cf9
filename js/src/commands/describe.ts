import { tag } from "../values/binary";
import { SOURCE_NAME } from "./compile";

/** The description of a thrown value for Python. */
export interface ErrorReport {
  name: string;
  message: string;
  stack: string;
  code: string;
}

const LONGEST_CODE = 200;
const LONGEST_TEXT = 10_000;
const OWN_SOURCE = import.meta.url;
const PLACE = new RegExp(`${SOURCE_NAME}-(\\d):(\\d+)`, "g");

/** Describe the value that `code` threw. It may be anything, even something that throws when it is read. */
export function describe(thrown: unknown, code: string): ErrorReport {
  const report = { name: "Error", message: "", stack: "", code: code.slice(0, LONGEST_CODE) };
  try {
    if (isError(thrown)) {
      report.name = String(thrown.name || "Error");
      report.message = String(thrown.message).slice(0, LONGEST_TEXT);
      const stack = cleanStack(String(thrown.stack ?? ""));
      // In some browsers, the stack starts with the error itself; without further lines, it adds nothing.
      report.stack = stack === `${report.name}: ${report.message}` ? "" : stack.slice(0, LONGEST_TEXT);
    } else {
      report.name = nameOf(thrown);
      report.message = textOf(thrown).slice(0, LONGEST_TEXT);
    }
  } catch {
    report.message = "something was thrown that cannot be described";
  }
  return report;
}

function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || tag(thrown) === "Error" || tag(thrown) === "DOMException";
}

function nameOf(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return thrown === null ? "null" : typeof thrown;
  return String(thrown.constructor?.name || "object");
}

function textOf(thrown: unknown): string {
  const text = String(thrown);
  return text === "[object Object]" ? (JSON.stringify(thrown) ?? text) : text;
}

/** Remove the frames outside of the reader's code, and count its lines as the reader does. */
function cleanStack(stack: string): string {
  const lines = stack.split("\n");
  const outermost = lines.findLastIndex((line) => line.includes(SOURCE_NAME));
  const ours = lines.findIndex((line) => line.includes(OWN_SOURCE) || line.includes("at new Function"));
  const end = outermost < 0 ? (ours < 0 ? lines.length : ours) : outermost + 1;
  return lines
    .slice(0, end)
    .join("\n")
    .replace(
      PLACE,
      (_, before: string, line: string) => `${SOURCE_NAME}:${Math.max(1, Number(line) - Number(before))}`,
    )
    .trim();
}
