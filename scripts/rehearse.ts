import { ADD_SHARD, DEPLOY, HOST, PROVISION, Rehearsal, ROLLBACK } from "./rehearse/rehearsal.ts";

/**
 * npm run rehearse: an environment from an empty account to a served product and back to the version before, with the real
 * wrangler and the real runtime. Only the account is a double on this machine. Prints each command and what it says.
 */
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
  const { output } = await expect("a tenth of the traffic", rehearsal.run([...DEPLOY, "--percent", "10"]));
  const version = /--version (\S+)/.exec(output)?.[1] ?? "";
  await expect("all of it", rehearsal.run([...DEPLOY, "--version", version]));

  workshop.change("wrangler.toml", /^(\[env\.staging\.vars\][\s\S]*?QUEUED_MS = ")\d+/m, "$1soon");
  await rehearsal.commit("A version that does not work");
  await expect("a version that does not work is refused", rehearsal.run(DEPLOY), false);
  await look();
  await expect("back to the version before", rehearsal.run(ROLLBACK));
  await look();
  const { unknown } = cloudflare.account;
  if (unknown.length > 0) throw new Error(`wrangler asked what the double does not know:\n${unknown.join("\n")}`);
  console.log("\nEverything went as it should.");
} finally {
  await rehearsal.close();
}

async function expect(what: string, running: ReturnType<Rehearsal["run"]>, ok = true): ReturnType<Rehearsal["run"]> {
  const ran = await running;
  if (ran.ok !== ok) throw new Error(`The rehearsal ends here: ${what}.`);
  return ran;
}

async function look(): Promise<void> {
  console.log(`\n# GET https://${HOST}/healthz\n${JSON.stringify(await rehearsal.api("/healthz"))}`);
}
