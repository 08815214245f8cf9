import type { Item } from "./frame";
import type { Bytes, Part } from "./message";
import type { ChannelQueue, Outbox } from "./outbox";
import type { Parcel } from "./parcel";
import type { LinkSettings } from "./settings";

const [OPEN, COMMA, CLOSE] = [0x5b, 0x2c, 0x5d];

/**
 * A frame being filled. `owns` lists the messages that it completes, by channel, in order: they come back if the
 * frame is lost for good.
 */
export class Draft {
  readonly items: Item[] = [];
  readonly buffers: Part[] = [];
  readonly owns: [channel: number, entries: Parcel[]][] = [];
  size = 0;

  addBatch(channel: number, entries: Parcel[]): void {
    this.items.push([channel, 1]);
    const plain = entries.every((entry) => entry.plain);
    this.buffers.push(plain ? `[${entries.map((entry) => entry.text).join()}]` : batch(entries));
    this.owns.push([channel, entries]);
  }

  addParcel(channel: number, parcel: Parcel): void {
    this.items.push([channel, 1 + parcel.buffers.length]);
    this.buffers.push(batch([parcel]), ...parcel.buffers);
    this.owns.push([channel, [parcel]]);
  }

  /** Add the next piece of a large message; return whether it was the last. */
  addPiece(channel: number, parcel: Parcel, size: number): boolean {
    this.items.push([channel, 1, parcel.sent ? 0 : parcel.lengths]);
    this.buffers.push(parcel.cut(size));
    if (parcel.sent < parcel.size) return false;
    this.owns.push([channel, [parcel]]);
    return true;
  }
}

/** Fill a frame of at most `room` bytes with what has its turn; with `anything` its first message may be larger. */
export function fill(outbox: Outbox, settings: LinkSettings, room: number, anything: boolean): Draft {
  const draft = new Draft();
  while (draft.size < settings.batch) {
    const free = anything && !draft.items.length ? outbox.piece : room - draft.size;
    const channel = outbox.nextChannel(free);
    const queue = channel === null ? undefined : outbox.ring.get(channel);
    if (channel === null || !queue) break;
    const taken = takeTurn(draft, queue, channel, outbox.piece, settings, room);
    draft.size += taken;
    outbox.endTurn(channel, queue, taken);
  }
  return draft;
}

function takeTurn(
  draft: Draft,
  queue: ChannelQueue,
  channel: number,
  piece: number,
  settings: LinkSettings,
  room: number,
): number {
  const allowed = Math.min(settings.turn, room - draft.size);
  const closing = settings.batch - draft.size;
  let taken = 0;
  let done = 0;
  let plain: Parcel[] = [];
  const addPlain = () => {
    if (plain.length) draft.addBatch(channel, plain);
    plain = [];
  };
  while (taken < closing) {
    const entry = queue.entries[done];
    if (!entry) break;
    const size = entry.next(piece);
    if (taken && taken + size > allowed) break;
    taken += size;
    if (!entry.buffers.length && entry.size <= piece) {
      plain.push(entry);
      done += 1;
      continue;
    }
    addPlain();
    if (entry.size <= piece) {
      draft.addParcel(channel, entry);
      done += 1;
    } else if (draft.addPiece(channel, entry, size)) {
      done += 1;
    }
  }
  addPlain();
  queue.entries.splice(0, done);
  return taken;
}

/** The JSON array of some messages. */
function batch(entries: readonly Parcel[]): Bytes {
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
