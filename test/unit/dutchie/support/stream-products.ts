/** Run with a small heap: streams generated products through splitter and decoder, and prints the rows and the memory used. */
import { decodeProduct } from "../../../../src/dutchie/decode/decode.ts";
import { splitRows } from "../../../../src/dutchie/stream/split.ts";

const COUNT = 50_000;
const CHUNK = 65_536;

function product(i: number): string {
  const fields = Array.from({ length: 30 }, (_, k) => [`field${k}`, k % 2 === 0 ? `value ${i} "${k}"` : k]);
  return JSON.stringify({
    productId: i + 1,
    sku: `SKU-${i}`,
    productName: `Product é🌿 ${i}`,
    description: "words ".repeat(200),
    category: "Flower",
    thcContent: 20,
    thcContentUnit: "%",
    price: 35,
    lastModifiedDateUTC: "2026-01-02T03:04:05.678",
    ...Object.fromEntries(fields),
  });
}

let bytes = 0;
async function* body(): AsyncGenerator<Uint8Array, void> {
  const encoder = new TextEncoder();
  let text = "[";
  for (let i = 0; i < COUNT; i++) {
    text += (i === 0 ? "" : ",") + product(i);
    if (text.length < CHUNK) continue;
    const chunk = encoder.encode(text);
    bytes += chunk.length;
    text = "";
    yield chunk;
  }
  yield encoder.encode(`${text}]`);
}

let decoded = 0;
let heap = 0;
for await (const rows of splitRows(body())) {
  for (const row of rows) {
    if (row.ok && decodeProduct(row.value).ok) decoded++;
    if (decoded % 1_000 === 0) heap = Math.max(heap, process.memoryUsage().heapUsed);
  }
}
const usage = process.resourceUsage();
console.log(JSON.stringify({ decoded, bytes, max_heap_mb: heap / 1_048_576, max_rss_mb: usage.maxRSS / 1024 }));
