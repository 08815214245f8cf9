import { ProtocolError } from "./errors";
import { type Content, type Fragment, isFragment } from "./frame";
import { type Bytes, decode, type Message } from "./message";

/** The fragments of one large message received so far. Nothing is allocated for bytes that were only declared. */
class Assembly {
  readonly fragments: Bytes[] = [];
  readonly size: number;
  missing: number;

  constructor(private readonly lengths: readonly number[]) {
    this.size = lengths.reduce((sum, length) => sum + length, 0);
    this.missing = this.size;
  }

  add(data: Bytes): void {
    if (data.byteLength > this.missing) {
      throw new ProtocolError(
        `a fragment of ${data.byteLength} bytes, but only ${this.missing} of its message are missing`,
      );
    }
    this.fragments.push(data);
    this.missing -= data.byteLength;
  }

  /** Undo the last `add`. */
  takeBack(): void {
    this.missing += this.fragments.pop()?.byteLength ?? 0;
  }

  message(channel: number): Message {
    const [text, ...buffers] = this.parts();
    return { channel, body: decode(text ?? new Uint8Array()), buffers };
  }

  private parts(): Bytes[] {
    let index = 0;
    let offset = 0;
    return this.lengths.map((length) => {
      const part = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const fragment = this.fragments[index]?.subarray(offset, offset + length - filled);
        if (!fragment) throw new ProtocolError("a message lacks fragments");
        part.set(fragment, filled);
        filled += fragment.byteLength;
        offset += fragment.byteLength;
        if (offset === this.fragments[index]?.byteLength) [index, offset] = [index + 1, 0];
      }
      return part;
    });
  }
}

/** The incomplete large messages, at most one per channel. */
export class Unfinished {
  private assemblies = new Map<number, Assembly>();

  /** The total size in bytes that they may declare is `largest`. */
  constructor(private readonly largest: number) {}

  /** The messages that a frame completes. If this throws, nothing has changed. */
  complete(contents: readonly Content[]): Message[] {
    const before = new Map(this.assemblies);
    const grown: Assembly[] = [];
    const messages: Message[] = [];
    try {
      for (const content of contents) {
        if (isFragment(content)) {
          const message = this.add(content, grown);
          if (message) messages.push(message);
        } else if (this.assemblies.has(content.channel)) {
          throw new ProtocolError(
            `a message within the fragments of another one on channel ${content.channel}`,
          );
        } else {
          messages.push(content);
        }
      }
    } catch (error) {
      this.assemblies = before;
      for (const assembly of grown.reverse()) assembly.takeBack();
      throw error;
    }
    return messages;
  }

  private add(fragment: Fragment, grown: Assembly[]): Message | null {
    let assembly = this.assemblies.get(fragment.channel);
    if (!assembly === (fragment.lengths === null)) {
      throw new ProtocolError(`a misplaced fragment on channel ${fragment.channel}`);
    }
    if (!assembly) {
      assembly = new Assembly(fragment.lengths ?? []);
      let total = assembly.size;
      for (const { size } of this.assemblies.values()) total += size;
      if (total > this.largest) {
        throw new ProtocolError(
          `unfinished messages of ${total} bytes together, expected at most ${this.largest}`,
        );
      }
      this.assemblies.set(fragment.channel, assembly);
    }
    assembly.add(fragment.data);
    grown.push(assembly);
    if (assembly.missing) return null;
    this.assemblies.delete(fragment.channel);
    return assembly.message(fragment.channel);
  }
}
