import type { Bytes } from "../link";
import { wholeBuffer } from "./anywidget";

/** The parts of the client that are loaded when they are first used; see `build.mjs`. */
export type ChunkName = "charts" | "code_editor" | "datatable" | "katex";

/** Chunks by the addresses that a server has for them. A page of a notebook has none. */
export type ChunkAddresses = Readonly<Record<string, string>>;

interface Awaited {
  resolve(content: Bytes): void;
  reject(reason: Error): void;
}

/**
 * Loads chunks, each once. A server's page imports them from their addresses. In a notebook, no address leads to the
 * kernel's files, so Python sends them.
 */
export class Chunks {
  private readonly modules = new Map<string, Promise<object>>();
  private readonly files = new Map<string, Promise<string>>();
  private readonly awaited = new Map<string, Awaited>();

  /**
   * @param ask Asks Python for a chunk, which is handed to `arrived`.
   * @param load Imports a module.
   */
  constructor(
    private readonly ask: (name: string) => void,
    private readonly addresses: ChunkAddresses = {},
    private readonly load: (address: string) => Promise<object> = (address) =>
      import(/* @vite-ignore */ address),
  ) {}

  /** The module of a chunk. Rejects if it cannot be loaded; the next call tries again. */
  get(name: ChunkName): Promise<object> {
    const known = this.modules.get(name);
    if (known) return known;
    const address = this.addresses[name];
    const module =
      address === undefined
        ? this.request(name).then((content) => this.compile(content))
        : this.load(address);
    this.modules.set(name, module);
    module.catch(() => this.modules.delete(name));
    return module;
  }

  /**
   * An address for a file that is no module, such as a library's script or style sheet. Rejects if there is none; the
   * next call tries again.
   */
  file(name: string, type: string): Promise<string> {
    const known = this.files.get(name);
    if (known) return known;
    const address = this.addresses[name];
    const file =
      address === undefined
        ? this.request(name).then((content) => blobAddress(content, type))
        : Promise.resolve(address);
    this.files.set(name, file);
    file.catch(() => this.files.delete(name));
    return file;
  }

  /** Python has sent a chunk, compressed; `undefined` if it has none of that name. */
  arrived(name: string, content: Bytes | undefined): void {
    const awaited = this.awaited.get(name);
    this.awaited.delete(name);
    if (content) awaited?.resolve(content);
    else awaited?.reject(new Error(`Python has no chunk ${name}`));
  }

  /** Ask again for what has not arrived: another context was asked before. */
  askAgain(): void {
    for (const name of this.awaited.keys()) this.ask(name);
  }

  private request(name: string): Promise<Bytes> {
    return new Promise((resolve, reject) => {
      this.awaited.set(name, { resolve, reject });
      this.ask(name);
    });
  }

  /** Import a module from its bytes. Front ends allow `blob:`, because anywidget loads the bridge itself that way. */
  private async compile(content: Bytes): Promise<object> {
    const address = await blobAddress(content, "text/javascript");
    try {
      return await this.load(address);
    } finally {
      URL.revokeObjectURL(address);
    }
  }
}

/** The addresses that a server's document names, which are relative to its own. */
export function chunkAddresses(text = "{}"): ChunkAddresses {
  const named = Object.entries(JSON.parse(text) as ChunkAddresses);
  return Object.fromEntries(named.map(([name, address]) => [name, new URL(address, location.href).href]));
}

async function blobAddress(content: Bytes, type: string): Promise<string> {
  return URL.createObjectURL(new Blob([await decompressed(content)], { type }));
}

function decompressed(content: Bytes): Promise<ArrayBuffer> {
  const stream = new Blob([wholeBuffer(content)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
