import { ProtocolError } from "./errors";
import { type Bytes, decode, type Message, type Parsed, type Part, type Parts } from "./message";

/** The content of a numbered frame's `items`: see docs/protocol.md. */
export type Item = [channel: number, buffers: number] | [channel: number, buffers: 1, lengths: number[] | 0];

export type Frame =
  | { number: number; ack: number; items: Item[] }
  | { ack: number; missing: [number, number][] }
  | { ack: number; probe: number }
  | { ack: number };

/** A frame to transmit: its JSON object and its binary buffers. */
export interface Outgoing {
  frame: Frame;
  buffers: Part[];
}

/** A peer's frame with validated fields. `items` are not validated: most duplicates are dropped unread. */
export interface Incoming {
  ack: number;
  number: number | null;
  items: unknown[];
  missing: [number, number][];
  probe: number | null;
}

/** A part of a large message. The first fragment declares the lengths of the message's parts. */
export interface Fragment {
  channel: number;
  data: Bytes;
  lengths: number[] | null;
}

export type Content = Message | Fragment;

export function isFragment(content: Content): content is Fragment {
  return "data" in content;
}

/** Validate a peer's frame, except for its items. */
export function readFrame(frame: unknown, buffers: Parts): Incoming {
  if (!isObject(frame)) throw new ProtocolError(`a frame must be an object, not ${shown(frame)}`);
  const incoming: Incoming = {
    ack: integer(frame.ack, "ack"),
    number: null,
    items: [],
    missing: [],
    probe: null,
  };
  if ("number" in frame) {
    if (!Array.isArray(frame.items)) {
      throw new ProtocolError(`the items of a frame must be a list, not ${shown(frame.items)}`);
    }
    incoming.number = integer(frame.number, "number", 1);
    incoming.items = frame.items;
  } else if (buffers.length) {
    throw new ProtocolError(`a frame without a number carries ${buffers.length} buffers, expected none`);
  } else if ("missing" in frame) {
    incoming.missing = ranges(frame.missing);
  } else if ("probe" in frame) {
    incoming.probe = integer(frame.probe, "probe", 1);
  }
  return incoming;
}

/** Validate a numbered frame's items and decode the complete messages. */
export function readItems(items: readonly unknown[], buffers: readonly Bytes[], largest: number): Content[] {
  const contents: Content[] = [];
  let used = 0;
  for (const item of items) {
    if (!Array.isArray(item) || item.length < 2 || item.length > 3) {
      throw new ProtocolError(`an item must be a list of two or three, not ${shown(item)}`);
    }
    const channel = integer(item[0], "channel");
    const count = integer(item[1], "number of buffers", 1);
    const [first, ...own] = buffers.slice(used, used + count);
    if (first === undefined || own.length !== count - 1) {
      throw new ProtocolError(`items consume more than the frame's ${buffers.length} buffers`);
    }
    used += count;
    if (item.length === 3) contents.push(readFragment(channel, first, own, item[2], largest));
    else readMessages(contents, channel, first, own);
  }
  if (used !== buffers.length) {
    throw new ProtocolError(`items consume ${used} of the frame's ${buffers.length} buffers`);
  }
  return contents;
}

/** Validate a numbered frame's items if its messages have been parsed together with it. */
export function readParsed(items: readonly unknown[], parts: readonly Parsed[]): Message[] {
  if (items.length !== parts.length) {
    throw new ProtocolError(`${items.length} items with ${parts.length} texts`);
  }
  const contents: Message[] = [];
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (!Array.isArray(item) || item.length !== 2 || item[1] !== 1) {
      throw new ProtocolError(`an item of text must be a channel and 1, not ${shown(item)}`);
    }
    const channel = integer(item[0], "channel");
    for (const body of (parts[index] as Parsed).messages) contents.push({ channel, body, buffers: [] });
  }
  return contents;
}

function readMessages(contents: Content[], channel: number, text: Bytes, buffers: Bytes[]): void {
  const bodies = decode(text);
  if (!Array.isArray(bodies)) throw new ProtocolError("a batch must be a list of messages");
  if (buffers.length && bodies.length !== 1) {
    throw new ProtocolError(`an item with buffers of its own must hold one message, not ${bodies.length}`);
  }
  for (const body of bodies) contents.push({ channel, body, buffers });
}

function readFragment(
  channel: number,
  data: Bytes,
  more: Bytes[],
  lengths: unknown,
  largest: number,
): Fragment {
  if (more.length) throw new ProtocolError(`a fragment is one buffer, not ${1 + more.length}`);
  if (!data.byteLength) throw new ProtocolError("a fragment must not be empty");
  if (lengths === 0) return { channel, data, lengths: null };
  if (!Array.isArray(lengths) || !lengths.length) {
    throw new ProtocolError(`a fragment declares a list of lengths or 0, not ${shown(lengths)}`);
  }
  const declared = lengths.map((length) => integer(length, "length"));
  const total = declared.reduce((sum, length) => sum + length, 0);
  if (total > largest) throw new ProtocolError(`a message of ${total} bytes, expected at most ${largest}`);
  return { channel, data, lengths: declared };
}

function ranges(value: unknown): [number, number][] {
  if (!Array.isArray(value)) throw new ProtocolError(`missing must be a list of ranges, not ${shown(value)}`);
  let before = 0;
  return value.map((pair) => {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw new ProtocolError(`a range must be [first, last], not ${shown(pair)}`);
    }
    const first = integer(pair[0], "first", 1);
    const last = integer(pair[1], "last", 1);
    if (first <= before || last < first) {
      throw new ProtocolError(`ranges must be in order and apart, not ${first} to ${last} after ${before}`);
    }
    before = last;
    return [first, last];
  });
}

function integer(value: unknown, name: string, least = 0): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
  throw new ProtocolError(`${name} must be an integer of at least ${least}, not ${shown(value)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A short text for an error message: a hostile value may be huge. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === "object" && value !== null ? "an object" : String(value).slice(0, 40);
}
