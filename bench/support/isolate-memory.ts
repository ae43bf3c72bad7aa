import { WebSocket } from "undici";

interface HeapUsage {
  usedSize: number;
  embedderHeapUsedSize: number;
  backingStorageSize: number;
}

/** What an isolate's limit counts: heap and buffers of the Worker, what is not collected yet included. Asked of the runtime's inspector. */
export class IsolateMemory {
  private readonly answers = new Map<number, (usage: HeapUsage) => void>();
  private asked = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.onmessage = ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as { id?: number; result?: HeapUsage };
      if (id !== undefined && result !== undefined) this.answers.get(id)?.(result);
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
    const id = ++this.asked;
    const answer = new Promise<HeapUsage>((resolve) => this.answers.set(id, resolve));
    this.socket.send(JSON.stringify({ id, method: "Runtime.getHeapUsage" }));
    const { usedSize, embedderHeapUsedSize, backingStorageSize } = await answer;
    this.answers.delete(id);
    return (usedSize + embedderHeapUsedSize + backingStorageSize) / 1_048_576;
  }

  close(): void {
    this.socket.close();
  }
}
