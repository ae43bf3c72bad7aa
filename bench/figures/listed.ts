import type { Figure } from "../figure.ts";
import { percentile } from "../support/percentile.ts";
import { bigStore } from "./big-store.ts";

interface Page {
  data: { product_name: string; brand: string | null; sku: string | null }[];
  next_cursor: string | null;
}

/** What a person does: pages through the catalogue, and searches by parts of names, brands and SKUs, also such as no product has. */
export const listed: Figure = {
  id: "listed",
  about: "product list of 50,000: search and pages, time in D1",
  measure: async (bench) => {
    const { stage, store } = await bigStore(bench);
    const first = await store.get<Page>("/products?limit=500");
    const words = first.data
      .flatMap(({ product_name, brand, sku }) => [product_name, brand, sku])
      .filter((word) => word !== null);
    const queries = words.map((word, i) =>
      i % 10 === 9 ? `${word} that nobody has` : (word.split(" ").at(i % 2) ?? word),
    );
    const times: number[] = [];
    const read: number[] = [];
    let cursor = first.next_cursor;
    for (let i = 0; i < bench.size(200, 20); i++) {
      const isSearch = i % 2 === 0;
      const query = isSearch
        ? `q=${encodeURIComponent(queries[(i * 7) % queries.length] ?? "")}`
        : `cursor=${encodeURIComponent(cursor ?? "")}`;
      const { d1 } = await stage.counted(async () => {
        const page = await store.get<Page>(`/products?limit=50&${query}`);
        if (!isSearch) cursor = page.next_cursor ?? first.next_cursor;
      });
      times.push(d1.ms);
      read.push(d1.rows_read);
    }
    const more = {
      p50_ms: percentile(times, 0.5),
      rows_read_p50: percentile(read, 0.5),
      rows_read_max: Math.max(...read),
    };
    const target = { of: "value", at: "most", number: 50 } as const;
    return [
      { figure: "product list of 50,000, search + page: p50 in D1", value: more.p50_ms, unit: "ms" },
      {
        figure: "product list of 50,000, search + page: p99 in D1",
        value: percentile(times, 0.99),
        unit: "ms",
        target,
        more,
      },
    ];
  },
};
