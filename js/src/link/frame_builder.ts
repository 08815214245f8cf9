import type { Item } from "./frame";
import type { Bytes, Part } from "./message";
import type { ChannelQueue, Outbox } from "./outbox";
import type { OutgoingMessage } from "./outgoing_message";
import type { LinkSettings } from "./settings";

const [OPEN, COMMA, CLOSE] = [0x5b, 0x2c, 0x5d];

/**
 * A frame that is being filled. `owns` lists the messages that it completes, by channel, in order. They are queued
 * again if the frame is lost for good.
 */
export class FrameBuilder {
  readonly items: Item[] = [];
  readonly buffers: Part[] = [];
  readonly owns: [channel: number, entries: OutgoingMessage[]][] = [];
  size = 0;

  addBatch(channel: number, entries: OutgoingMessage[]): void {
    this.items.push([channel, 1]);
    const plain = entries.every((entry) => entry.plain);
    this.buffers.push(plain ? `[${entries.map((entry) => entry.text).join()}]` : batch(entries));
    this.owns.push([channel, entries]);
  }

  addMessage(channel: number, message: OutgoingMessage): void {
    this.items.push([channel, 1 + message.buffers.length]);
    this.buffers.push(batch([message]), ...message.buffers);
    this.owns.push([channel, [message]]);
  }

  /** Add the next fragment of a large message. Returns whether it was the last one. */
  addFragment(channel: number, message: OutgoingMessage, size: number): boolean {
    this.items.push([channel, 1, message.sent ? 0 : message.lengths]);
    this.buffers.push(message.cut(size));
    if (message.sent < message.size) return false;
    this.owns.push([channel, [message]]);
    return true;
  }
}

/** Fill a frame of at most `room` bytes from the channels in turn. With `anything`, its first message may be larger. */
export function fill(outbox: Outbox, settings: LinkSettings, room: number, anything: boolean): FrameBuilder {
  const builder = new FrameBuilder();
  while (builder.size < settings.batch) {
    const free = anything && !builder.items.length ? outbox.fragment : room - builder.size;
    const channel = outbox.nextChannel(free);
    const queue = channel === null ? undefined : outbox.ring.get(channel);
    if (channel === null || !queue) break;
    const taken = takeTurn(builder, queue, channel, outbox.fragment, settings, room);
    builder.size += taken;
    outbox.endTurn(channel, queue, taken);
  }
  return builder;
}

function takeTurn(
  builder: FrameBuilder,
  queue: ChannelQueue,
  channel: number,
  fragment: number,
  settings: LinkSettings,
  room: number,
): number {
  const allowed = Math.min(settings.turn, room - builder.size);
  const closing = settings.batch - builder.size;
  let taken = 0;
  let done = 0;
  let plain: OutgoingMessage[] = [];
  const addPlain = () => {
    if (plain.length) builder.addBatch(channel, plain);
    plain = [];
  };
  while (taken < closing) {
    const entry = queue.entries[done];
    if (!entry) break;
    const size = entry.next(fragment);
    if (taken && taken + size > allowed) break;
    taken += size;
    if (!entry.buffers.length && entry.size <= fragment) {
      plain.push(entry);
      done += 1;
      continue;
    }
    addPlain();
    if (entry.size <= fragment) {
      builder.addMessage(channel, entry);
      done += 1;
    } else if (builder.addFragment(channel, entry, size)) {
      done += 1;
    }
  }
  addPlain();
  queue.entries.splice(0, done);
  return taken;
}

/** The JSON array of some messages. */
function batch(entries: readonly OutgoingMessage[]): Bytes {
  const texts = entries.map((entry) => entry.encoded);
  const bytes = new Uint8Array(texts.reduce((sum, text) => sum + text.byteLength + 1, 1));
  let offset = 0;
  for (const text of texts) {
    bytes[offset] = offset ? COMMA : OPEN;
    bytes.set(text, offset + 1);
    offset += text.byteLength + 1;
  }
  bytes[offset] = CLOSE;
  return bytes;
}
