/*! Contains CodeMirror (https://codemirror.net), (c) Marijn Haverbeke and others, under the MIT License. */
// A chunk: loaded when the first code editor is shown, and never part of the client.
export { createEditor } from "../code_editor/editor";
