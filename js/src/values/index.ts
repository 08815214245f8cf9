export { applySpecials, type FunctionOf } from "./decode";
export { encodeValue } from "./encode";
export type { Encoded, Special } from "./special";
