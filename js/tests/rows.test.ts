import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fieldToPath, flattenRow, pathToField } from "../src/datatable/fields";
import { editRows, type Row, type RowsEdit } from "../src/session/rows";

interface Case {
  name: string;
  records: Record<string, unknown>[];
  edit: RowsEdit;
  fields: string[];
  rows: Row[];
}
const vectors = new URL("../../tests/vectors/rows/changes.json", import.meta.url);
const cases = JSON.parse(readFileSync(vectors, "utf8")) as Case[];

/** What Python makes of records. */
function made(records: Record<string, unknown>[]) {
  const fields = [...new Set(records.flatMap((each) => Object.keys(each)))];
  const rows = records.map((each, index) => [String(index), ...fields.map((field) => each[field])]);
  return { key: 1, kind: "datatable", fields, rows };
}

test.each(cases)("$name as in Python", ({ records, edit, fields, rows }) => {
  const node = made(records);
  editRows(node, edit);
  expect([node.fields, node.rows]).toEqual([fields, rows]);
});

test("a change of a row that is gone has no effect", () => {
  const node = made([{ a: 1 }]);
  editRows(node, ["set", null, "7", 0, 2]);
  editRows(node, ["replace", null, ["7", 2]]);
  expect(node.rows).toEqual([["0", 1]]);
});

test.each([["a"], ["a.b"], ["a", "b"], ['["a","b"]'], ["[", '"'], [""]])(
  "the keys %j are found in the name of their field",
  (...path) => {
    expect(fieldToPath(pathToField(path))).toEqual(path);
  },
);

test("a nested record has one value for each field", () => {
  const record = { a: { b: 1, c: { d: null } }, e: [2] };
  expect(flattenRow(record)).toEqual({ '["a","b"]': 1, '["a","c","d"]': null, e: [2] });
});
