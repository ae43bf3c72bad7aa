import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { expect, it, onTestFinished } from "vitest";
import { IsolateMemory } from "../../../bench/support/isolate-memory.ts";

/** An inspector that does this as soon as it is asked. */
async function inspector(answer: (socket: Duplex) => void): Promise<IsolateMemory> {
  const server = createServer().on("upgrade", ({ headers }, socket: Duplex) => {
    const accepted = createHash("sha1").update(`${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
    const lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
    socket.write([...lines, `Sec-WebSocket-Accept: ${accepted.digest("base64")}`, "", ""].join("\r\n"));
    socket.once("data", () => answer(socket));
    onTestFinished(() => void socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const memory = await IsolateMemory.open((server.address() as AddressInfo).port);
  onTestFinished(() => memory.close());
  return memory;
}

/** One frame of text, unmasked as a server sends it. */
const frame = (message: object) => {
  const text = Buffer.from(JSON.stringify(message));
  return Buffer.concat([Buffer.from([0x81, text.length]), text]);
};

it("the memory of an isolate is its heap and its buffers", async () => {
  const result = { usedSize: 1_048_576, embedderHeapUsedSize: 524_288, backingStorageSize: 524_288 };
  const memory = await inspector((socket) => socket.write(frame({ id: 1, result })));
  expect(await memory.mb()).toBe(2);
});

it("a question that the inspector refuses ends", async () => {
  const memory = await inspector((socket) => socket.write(frame({ id: 1, error: { message: "no such method" } })));
  await expect(memory.mb()).rejects.toThrow("The inspector refuses: no such method");
});

it("a question to an inspector that goes away ends, and so does the next", async () => {
  const memory = await inspector((socket) => socket.destroy());
  await expect(memory.mb()).rejects.toThrow("connection is closed");
  await expect(memory.mb()).rejects.toThrow("connection is closed");
});
