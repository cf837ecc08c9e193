// The line to the server: words as JSON, columns as one binary message (see frames.py).

const TYPES = { u1: Uint8Array, u4: Uint32Array, f4: Float32Array };

export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let at = 4 + length;
  const columns = {};
  for (const [name, type, size] of header.columns) {
    columns[name] = new TYPES[type](buffer, at, size);
    at += Math.ceil((size * TYPES[type].BYTES_PER_ELEMENT) / 4) * 4;
  }
  return { ...header, columns };
}

export class Line {
  constructor(onMessage, onClosed) {
    this.onMessage = onMessage;
    this.onClosed = onClosed;
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/line`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onmessage = (event) =>
      this.onMessage(typeof event.data === "string" ? JSON.parse(event.data) : unpack(event.data));
    this.socket.onclose = (event) => this.onClosed(event);
    return new Promise((resolve) => { this.socket.onopen = resolve; });
  }

  ask(op, values = {}) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ op, ...values }));
  }
}
