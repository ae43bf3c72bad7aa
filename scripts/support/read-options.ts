import { type ParseArgsConfig, parseArgs } from "node:util";

/** The options of a command. Wrong ones end it with what is wrong, how it is called, and exit code 2; `--help` with exit code 0. */
export function readOptions<const T extends NonNullable<ParseArgsConfig["options"]>>(options: T, usage: string) {
  if (process.argv.slice(2).some((word) => word === "--help" || word === "-h")) {
    console.log(`Usage: ${usage}`);
    process.exit(0);
  }
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return misused(error instanceof Error ? error.message : String(error), usage);
  }
}

/** Ends a command that was called wrongly. */
export function misused(what: string, usage: string): never {
  console.error(`${what}\nUsage: ${usage}`);
  process.exit(2);
}

/** A whole number among the options; anything else ends the command, for NaN would pass every comparison in silence. */
export function wholeNumber(name: string, text: string, [min, max]: readonly [number, number], usage: string): number {
  const number = Number(text);
  if (text.trim() !== "" && Number.isInteger(number) && number >= min && number <= max) return number;
  return misused(`--${name} is a whole number from ${min} to ${max}, not "${text}".`, usage);
}
