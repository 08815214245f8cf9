export { ProtocolError } from "./errors";
export type { Frame, Outgoing } from "./frame";
export { Link, VERSION } from "./link";
export { type Arrival, type Bytes, bytesOf, type Message, Parsed, type Part, type Parts } from "./message";
export { type LinkSettings, PAGE_SETTINGS } from "./settings";
