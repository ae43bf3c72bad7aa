import {
  ADD_SHARD,
  DEPLOY,
  HOST,
  NOT_WORKING,
  PROVISION,
  Rehearsal,
  ROLLBACK,
  rolledOut,
  WITHOUT_SHARD,
} from "./rehearse/rehearsal.ts";
import { readOptions } from "./support/read-options.ts";

/**
 * npm run rehearse: an environment from an empty account to a served product and back to the version before, with the real
 * wrangler and the local runtime. The account and the store's Dutchie are doubles. Prints each command and what it says.
 */
readOptions({}, "npm run rehearse");
const rehearsal = await Rehearsal.open({
  quick: false,
  told: (text) => void process.stdout.write(text),
});
const { workshop, cloudflare } = rehearsal;
try {
  await expect("provision", rehearsal.run([...PROVISION, "--dry-run"]));
  await expect("provision", rehearsal.run(PROVISION));
  await expect("provision again", rehearsal.run(PROVISION));
  await rehearsal.commit("Provision staging");
  await expect("the first deployment", rehearsal.run(DEPLOY));
  await look();
  await rehearsal.connectCanary();

  await expect("another database", rehearsal.run(ADD_SHARD));
  await expect("its type", workshop.run(["types"]));
  await rehearsal.commit("Add a database of records to staging");
  await expect("it has all traffic at once", rehearsal.run(DEPLOY));
  await refused("a way back from another database", rehearsal.run(ROLLBACK), WITHOUT_SHARD);

  // The same files once more stand for the next version.
  const { output } = await expect("a tenth of the traffic", rehearsal.run([...DEPLOY, "--percent", "10"]));
  await expect("all of it", rehearsal.run([...DEPLOY, "--version", rolledOut(output)]));

  await rehearsal.spoil();
  await refused("a version that does not work", rehearsal.run(DEPLOY), NOT_WORKING);
  await look();
  await expect("back to the version before", rehearsal.run(ROLLBACK));
  await look();
  const { unknown } = cloudflare.account;
  if (unknown.length > 0) throw new Error(`wrangler asked what the double does not know:\n${unknown.join("\n")}`);
  console.log("\nEverything went as it should.");
} finally {
  await rehearsal.close();
}

async function expect(what: string, running: ReturnType<Rehearsal["run"]>): ReturnType<Rehearsal["run"]> {
  const ran = await running;
  if (!ran.ok) throw new Error(`The rehearsal ends here: ${what}.`);
  return ran;
}

/** A refusal counts only for the reason that is meant. */
async function refused(what: string, running: ReturnType<Rehearsal["run"]>, reason: string): Promise<void> {
  const { ok, output } = await running;
  if (ok || !output.includes(reason))
    throw new Error(`The rehearsal ends here: ${what} is not refused with “${reason}”.`);
}

async function look(): Promise<void> {
  console.log(`\n# GET https://${HOST}/healthz\n${JSON.stringify(await rehearsal.api("/healthz"))}`);
}
