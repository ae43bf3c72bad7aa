import type { Figure } from "../figure.ts";
import { accepted } from "./accepted.ts";
import { bundle } from "./bundle.ts";
import { decoded } from "./decoded.ts";
import { drained } from "./drained.ts";
import { fleetDay } from "./fleet-day.ts";
import { imported } from "./imported.ts";
import { listed } from "./listed.ts";
import { memory } from "./memory.ts";
import { polled } from "./polled.ts";
import { readable } from "./readable.ts";
import { sale } from "./sale.ts";
import { slowStores } from "./slow-stores.ts";
import { status } from "./status.ts";
import { ticked } from "./ticked.ts";
import { unchanged } from "./unchanged.ts";

/**
 * In this order: the one that times this process stands before those that leave their garbage in it, and figures that share
 * a Worker stand together.
 */
export const FIGURES: readonly Figure[] = [
  decoded,
  accepted,
  drained,
  sale,
  readable,
  imported,
  unchanged,
  status,
  listed,
  memory,
  ticked,
  polled,
  bundle,
  fleetDay,
  slowStores,
];
