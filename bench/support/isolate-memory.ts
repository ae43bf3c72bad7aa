import { WebSocket } from "undici";

interface HeapUsage {
  usedSize: number;
  embedderHeapUsedSize: number;
  backingStorageSize: number;
}

/** An answer, or something else that the inspector tells. */
interface Told {
  id?: number;
  result?: HeapUsage;
  error?: { message: string };
}

const CLOSED = "The inspector's connection is closed.";

/** What an isolate's limit counts: heap and buffers of the Worker, what is not collected yet included. Asked of the runtime's inspector. */
export class IsolateMemory {
  private readonly waiting = new Map<number, PromiseWithResolvers<HeapUsage>>();
  private asked = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.onmessage = ({ data }) => {
      const { id = 0, result, error } = JSON.parse(String(data)) as Told;
      const asked = this.waiting.get(id);
      if (result === undefined) asked?.reject(new Error(`The inspector refuses: ${error?.message}`));
      else asked?.resolve(result);
      this.waiting.delete(id);
    };
    socket.onclose = () => {
      for (const { reject } of this.waiting.values()) reject(new Error(CLOSED));
      this.waiting.clear();
    };
  }

  static async open(inspector_port: number): Promise<IsolateMemory> {
    // The proxy in front of the inspector wants to know who asks.
    const headers = { origin: "http://localhost" };
    const socket = new WebSocket(`ws://127.0.0.1:${inspector_port}/ws`, { headers });
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = ({ error }) => reject(error);
    });
    return new IsolateMemory(socket);
  }

  async mb(): Promise<number> {
    // A closed socket drops what is sent.
    if (this.socket.readyState !== WebSocket.OPEN) throw new Error(CLOSED);
    const id = ++this.asked;
    const answer = Promise.withResolvers<HeapUsage>();
    this.waiting.set(id, answer);
    this.socket.send(JSON.stringify({ id, method: "Runtime.getHeapUsage" }));
    const { usedSize, embedderHeapUsedSize, backingStorageSize } = await answer.promise;
    return (usedSize + embedderHeapUsedSize + backingStorageSize) / 1_048_576;
  }

  close(): void {
    this.socket.close();
  }
}
