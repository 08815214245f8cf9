import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Link, type LinkSettings, PAGE_SETTINGS, Parsed, ProtocolError } from "../src/link";

// The steps' format is told in tests/vectors/README.md.
interface Step {
  do: string;
  now: number;
  name?: string;
  channel?: number;
  text: string;
  frame: unknown;
  buffers?: string[];
  bodies?: unknown[][];
  begun: number | null;
  finished: boolean;
  error?: boolean;
  expect: unknown;
}
interface Wire {
  body?: unknown;
  frame?: unknown;
  channel?: number;
  messages?: Wire[];
  buffers?: string[];
}

const folder = new URL("../../tests/vectors/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

const bytes = (text: string) =>
  new Uint8Array(text.startsWith("base64:") ? Buffer.from(text.slice(7), "base64") : Buffer.from(text));
const wire = (buffers: readonly (string | Uint8Array)[] = []) =>
  buffers.map((each) => Buffer.from(typeof each === "string" ? bytes(each) : each).toString("latin1"));
const shown = (each: { buffers?: readonly (string | Uint8Array)[] }) => ({
  ...each,
  buffers: wire(each.buffers),
});

function settings(changes: Record<string, number> = {}): LinkSettings {
  const camel = Object.entries(changes).map(([key, value]) => [
    key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return { ...PAGE_SETTINGS, ackDelay: 0.25, ...Object.fromEntries(camel) };
}

function run(link: Link, step: Step): void {
  const expected = step.expect as Wire[];
  switch (step.do) {
    case "send":
      return link.send(step.channel ?? 0, step.text, (step.buffers ?? []).map(bytes), step.now);
    case "transmit":
      return expect(link.transmit(step.now).map(shown)).toEqual(expected.map(shown));
    case "receive": {
      const bodies = step.bodies?.map((messages) => new Parsed(messages));
      const receive = () => link.receive(step.frame, bodies ?? (step.buffers ?? []).map(bytes), step.now);
      if (step.error) return expect(receive).toThrow(ProtocolError);
      const arrivals = receive().map((each) => ({ ...each, messages: each.messages.map(shown) }));
      return expect(arrivals).toEqual(
        expected.map((each) => ({ ...each, messages: each.messages?.map(shown) })),
      );
    }
    case "deadline": {
      const deadline = link.deadline();
      if (step.expect === "now") return expect(deadline).toBeLessThanOrEqual(step.now);
      if (step.expect === null) return expect(deadline).toBeNull();
      return expect(deadline).toBeCloseTo(step.expect as number, 5);
    }
    case "should_transmit":
      return expect(link.shouldTransmit()).toBe(step.expect);
    case "renew":
      return expect(link.renew(step.begun, step.finished).map(shown)).toEqual(expected.map(shown));
    case "drop":
      return link.drop(step.channel ?? 0);
    case "waiting":
      return expect(link.waiting(step.channel)).toBe(step.expect);
    case "in_flight":
      return expect(link.inFlight).toBe(step.expect);
    default:
      throw new Error(`unknown step ${step.do}`);
  }
}

for (const file of files) {
  const { about, scenarios } = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
  describe(`${file}: ${about}`, () => {
    for (const scenario of scenarios) {
      test(scenario.name, () => {
        const link = new Link(settings(scenario.settings));
        scenario.steps.forEach((step: Step, index: number) => {
          try {
            run(link, step);
          } catch (error) {
            if (error instanceof Error) error.message = `step ${index} (${step.do}): ${error.message}`;
            throw error;
          }
        });
      });
    }
  });
}
