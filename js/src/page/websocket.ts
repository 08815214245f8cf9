import type { Dial } from "./wire";

/** Maximum time for a socket to open. In milliseconds. */
const OPEN_WITHIN = 5000;

/** Dials `url` (http or https) over a WebSocket. */
export function webSocket(url: URL): Dial {
  const address = new URL(url);
  address.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return ({ opened, message, ended }) => {
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    let over = false;
    const end = () => {
      if (over) return;
      close();
      ended();
    };
    const close = () => {
      over = true;
      clearTimeout(patience);
      socket.close();
    };
    const patience = setTimeout(end, OPEN_WITHIN);
    socket.onopen = () => {
      clearTimeout(patience);
      if (!over) opened();
    };
    socket.onmessage = ({ data }) => {
      if (over) return;
      if (typeof data === "string") message(data);
      else if (data instanceof ArrayBuffer) message(new Uint8Array(data));
    };
    socket.onclose = end;
    return {
      send: (bytes) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
      },
      sendText: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close,
    };
  };
}
