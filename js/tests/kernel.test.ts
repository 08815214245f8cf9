import { beforeEach, expect, test } from "vitest";
import { type KernelConnection, type KernelMessage, KernelTransport, kernelOf } from "../src/page/kernel";
import { quickAck } from "../src/page/quick_ack";

type Slot = (sender: unknown, event: KernelMessage) => void;

class FakeKernel implements KernelConnection {
  readonly clientId = "client";
  readonly username = "";
  readonly sent: { content: unknown; buffers: ArrayBuffer[] }[] = [];
  readonly slots = new Set<Slot>();
  futuresDisposed = 0;

  readonly anyMessage = {
    connect: (slot: Slot) => this.slots.add(slot),
    disconnect: (slot: Slot) => this.slots.delete(slot),
  };

  sendShellMessage(message: object): { dispose(): void } {
    this.sent.push(message as (typeof this.sent)[0]);
    return {
      dispose: () => {
        this.futuresDisposed += 1;
      },
    };
  }

  bring(msg: NonNullable<KernelMessage["msg"]>, direction = "recv"): void {
    for (const slot of this.slots) slot(this, { direction, msg });
  }

  comm(comm_id: string, content: unknown, buffers: unknown[] = []): void {
    const data = { method: "custom", content };
    this.bring({ channel: "iopub", header: { msg_type: "comm_msg" }, content: { comm_id, data }, buffers });
  }

  output(kind: string, content = {}): void {
    const parent_header = { msg_type: "execute_request" };
    this.bring({ channel: "iopub", header: { msg_type: kind }, parent_header, content });
  }
}

let kernel: FakeKernel;
let received: unknown[][];

beforeEach(() => {
  kernel = new FakeKernel();
  received = [];
});

function listen(): () => void {
  return new KernelTransport(kernel, "ours").onEnvelope((...got) => received.push(got));
}

test("an envelope goes as a custom message of the comm, and leaves no future behind", () => {
  new KernelTransport(kernel, "ours").send({ context: "c" }, [new Uint8Array([1, 2])]);
  expect(kernel.sent[0]?.content).toEqual({
    comm_id: "ours",
    data: { method: "custom", content: { context: "c", needs_idle: false } },
  });
  expect([...new Uint8Array(kernel.sent[0]?.buffers[0] as ArrayBuffer)]).toEqual([1, 2]);
  expect(kernel.futuresDisposed).toBe(1);
});

test.each([
  ["BOGUS_PVSC", true],
  ["ws://localhost:8888/", false],
])("a connection to %s needs an idle for each message: %s", (wsUrl, needs_idle) => {
  const settings = { serverSettings: { baseUrl: "", token: "", wsUrl } };
  new KernelTransport(Object.assign(kernel, settings), "ours").send({}, []);
  expect(kernel.sent[0]?.content).toMatchObject({ data: { content: { needs_idle } } });
});

test("a part of a buffer is sent as just that part", () => {
  new KernelTransport(kernel, "ours").send({}, [new Uint8Array([1, 2, 3]).subarray(1, 2)]);
  expect(kernel.sent[0]?.buffers[0]?.byteLength).toBe(1);
});

test("custom messages of the comm are envelopes, with their buffers as bytes", () => {
  listen();
  kernel.comm("ours", { context: "c" }, [new DataView(new Uint8Array([9, 8, 7]).buffer, 1, 2)]);
  expect(received).toEqual([[{ context: "c" }, [new Uint8Array([8, 7])]]]);
});

test("what others say, and what the page itself sends, is nothing of ours", () => {
  listen();
  kernel.comm("another", {});
  kernel.output("stream");
  kernel.bring(
    { header: { msg_type: "comm_msg" }, content: { comm_id: "ours", data: { method: "custom" } } },
    "send",
  );
  expect(received).toEqual([]);
});

test("a transport that has been stopped hears nothing", () => {
  listen()();
  kernel.comm("ours", {});
  expect(received).toEqual([]);
});

test.each([undefined, {}, { kernel: {} }, { kernel: { anyMessage: {}, sendShellMessage: () => 0 } }])(
  "a front end without JupyterLab's connection has none: %o",
  (widget_manager) => {
    const model = { widget_manager, get: () => "", send() {}, on() {}, off() {} };
    expect(kernelOf(model)).toBeNull();
  },
);

test("the beginning of a cell is answered at once", () => {
  let answers = 0;
  quickAck(
    kernel,
    () => 100,
    () => -Infinity,
    () => {
      answers += 1;
    },
  );
  kernel.output("status", { execution_state: "busy" });
  expect(answers).toBe(1);
});

test("output is answered while frames come, and not too often", () => {
  let [answers, time] = [0, 100];
  quickAck(
    kernel,
    () => time,
    () => 99.5,
    () => {
      answers += 1;
    },
  );
  kernel.output("stream");
  kernel.output("stream");
  expect(answers).toBe(1);
  time += 0.005;
  kernel.output("stream");
  expect(answers).toBe(2);
  time += 2;
  kernel.output("stream");
  expect(answers).toBe(2);
});

test("idle, and what no cell caused, is not answered", () => {
  let answers = 0;
  quickAck(
    kernel,
    () => 100,
    () => -Infinity,
    () => {
      answers += 1;
    },
  );
  kernel.output("status", { execution_state: "idle" });
  kernel.bring({ channel: "iopub", header: { msg_type: "status" }, content: { execution_state: "busy" } });
  expect(answers).toBe(0);
});
