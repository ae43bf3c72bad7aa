import { CRONS } from "../../src/pipeline/chores/crons.ts";
import type { Figure } from "../figure.ts";
import { connectFleet } from "../fleet.ts";

/** Queues that a tick may send to; their messages are counted and dropped. */
const QUEUES = ["sync", "slow", "imports", "chores", "alerts"];

/** Cron finds 2,000 stores due. Only the finding and the sending is measured: what the messages cause is another figure. */
export const ticked: Figure = {
  id: "ticked",
  about: "a tick with 2,000 stores due: D1 queries, seconds, messages sent",
  measure: async (bench) => {
    const stage = await bench.stage("ticked");
    const stores = bench.size(2_000, 200);
    const [first] = await connectFleet(stage, 1);
    const columns = await stage.sql<{ name: string }>("DB", "select name from pragma_table_info('locations')");
    const own: Record<string, string> = {
      location_id: "printf('loc_%016x', n)",
      dutchie_location_id: "n",
      wake_at: "0",
      next_sync_at: "0",
    };
    await stage.sql(
      "DB",
      `with recursive i(n) as (select 2 union all select n + 1 from i where n < ${stores})
      insert into locations (${columns.map(({ name }) => name).join(", ")})
      select ${columns.map(({ name }) => own[name] ?? name).join(", ")} from locations, i where location_id = ?`,
      [first?.id],
    );
    for (const queue of QUEUES) await stage.gate(queue, "drop");
    let ms = 0;
    const counts = await stage.counted(async () => {
      ms = (await stage.tick(CRONS.due_stores)).ms;
    });
    const figure = `tick with ${stores.toLocaleString("en-US")} stores due`;
    const { d1, queues, location } = counts;
    const more = { d1, queues, location_calls: location.calls };
    return [
      {
        figure: `${figure}: D1 statements`,
        value: d1.statements,
        unit: "",
        target: { of: "value", at: "most", number: 40 },
        more,
      },
      { figure: `${figure}: time`, value: ms / 1_000, unit: "s", target: { of: "value", at: "most", number: 5 } },
      {
        figure: `${figure}: messages sent`,
        value: queues.messages,
        unit: "",
        target: { of: "value", at: "least", number: stores },
      },
    ];
  },
};
