/*! Contains KaTeX (https://katex.org), (c) Khan Academy and others, under the MIT License; its fonts under the SIL Open Font License. */
// A chunk: loaded when the first formula is shown, and never part of the client.
export { typeset } from "../katex/typeset";
