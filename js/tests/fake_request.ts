import { vi } from "vitest";
import { join, pack, split, unpack } from "../src/page/envelope";

/** What the page asks for, and the server's part of it. */
export class FakeRequest {
  /** All that were sent. */
  static sent: FakeRequest[] = [];
  headers: Record<string, string> = {};
  body = new Uint8Array();
  status = 0;
  response = new ArrayBuffer(0);
  responseURL = "";
  onload = () => {};
  onabort = () => {};
  onerror = () => {};
  onloadend = () => {};
  private answered: Record<string, string> = {};

  open(_method: string, url: URL) {
    this.responseURL = url.href;
  }
  get said(): unknown[] {
    return split(this.body).map((each) => unpack(each).envelope);
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  getResponseHeader(name: string) {
    return this.answered[name] ?? null;
  }
  send(body: Uint8Array<ArrayBuffer> | null) {
    this.body = body ?? new Uint8Array();
    FakeRequest.sent.push(this);
  }
  abort() {
    this.onabort();
    this.onloadend();
  }

  answer(envelopes: object[], headers: Record<string, string> = {}) {
    const messages = envelopes.map((envelope) => pack(envelope, []));
    return this.load(200, messages.length ? join(messages) : new Uint8Array(), headers);
  }
  refuse(status: number, text: string) {
    return this.load(status, new TextEncoder().encode(text), {});
  }
  fail() {
    this.onerror();
    this.onloadend();
    return settle();
  }
  private load(status: number, body: Uint8Array<ArrayBuffer>, headers: Record<string, string>) {
    Object.assign(this, { status, response: body.buffer, answered: headers });
    this.onload();
    this.onloadend();
    return settle();
  }
}

/** Let what was answered take its course. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  await vi.advanceTimersByTimeAsync(0);
}
