import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { startWorker } from "../../../scripts/support/worker-process.ts";

it("a port where another Worker answers is refused: its stores would be taken for ours", async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    response.end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    await expect(
      startWorker({ state: tmpdir(), port }).then(async (worker) => {
        await worker.stop();
        return worker.url;
      }),
    ).rejects.toThrow(`Port ${port} is in use`);
    expect(asked).toEqual(["/healthz"]);
  } finally {
    server.close();
  }
});
