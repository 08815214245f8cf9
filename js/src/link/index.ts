export { ProtocolError } from "./errors";
export type { Frame, Outgoing } from "./frame";
export { Link, VERSION } from "./link";
export type { Arrival, Bytes, Message } from "./message";
export { type LinkSettings, PAGE_SETTINGS } from "./settings";
