import { ProtocolError } from "./errors";
import { type Content, isPiece, type Piece } from "./frame";
import { type Bytes, decode, type Message } from "./message";

/** The pieces of one large message so far. Nothing is allocated for bytes that were only declared. */
class Assembly {
  readonly pieces: Bytes[] = [];
  readonly size: number;
  missing: number;

  constructor(private readonly lengths: readonly number[]) {
    this.size = lengths.reduce((sum, length) => sum + length, 0);
    this.missing = this.size;
  }

  add(data: Bytes): void {
    if (data.byteLength > this.missing) {
      throw new ProtocolError(
        `a piece of ${data.byteLength} bytes, where ${this.missing} of its message were missing`,
      );
    }
    this.pieces.push(data);
    this.missing -= data.byteLength;
  }

  /** Undo the last `add`. */
  takeBack(): void {
    this.missing += this.pieces.pop()?.byteLength ?? 0;
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
        const piece = this.pieces[index]?.subarray(offset, offset + length - filled);
        if (!piece) throw new ProtocolError("a message lacks pieces");
        part.set(piece, filled);
        filled += piece.byteLength;
        offset += piece.byteLength;
        if (offset === this.pieces[index]?.byteLength) [index, offset] = [index + 1, 0];
      }
      return part;
    });
  }
}

/** The large messages, at most one a channel, of which pieces have arrived but not the last. */
export class Unfinished {
  private assemblies = new Map<number, Assembly>();

  /** They may declare `largest` bytes together. */
  constructor(private readonly largest: number) {}

  /** The messages that a frame completes. If this throws, nothing has changed. */
  complete(contents: readonly Content[]): Message[] {
    const before = new Map(this.assemblies);
    const grown: Assembly[] = [];
    const messages: Message[] = [];
    try {
      for (const content of contents) {
        if (isPiece(content)) {
          const message = this.add(content, grown);
          if (message) messages.push(message);
        } else if (this.assemblies.has(content.channel)) {
          throw new ProtocolError(`a message amid the pieces of another one on channel ${content.channel}`);
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

  private add(piece: Piece, grown: Assembly[]): Message | null {
    let assembly = this.assemblies.get(piece.channel);
    if (!assembly === (piece.lengths === null)) {
      throw new ProtocolError(`a misplaced piece on channel ${piece.channel}`);
    }
    if (!assembly) {
      assembly = new Assembly(piece.lengths ?? []);
      let total = assembly.size;
      for (const { size } of this.assemblies.values()) total += size;
      if (total > this.largest) {
        throw new ProtocolError(
          `unfinished messages of ${total} bytes together, expected at most ${this.largest}`,
        );
      }
      this.assemblies.set(piece.channel, assembly);
    }
    assembly.add(piece.data);
    grown.push(assembly);
    if (assembly.missing) return null;
    this.assemblies.delete(piece.channel);
    return assembly.message(piece.channel);
  }
}
