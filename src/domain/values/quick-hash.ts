/**
 * 64 bits of a text, as 16 hexadecimal digits: equal texts have equal hashes on any machine. Against accidents only: with
 * intent, two texts of one hash can be found. So it orders and compares states of one record and makes no id. It takes a
 * twentieth of the time of SHA-256. Two 32-bit lanes over the text's UTF-16 units, mixed as in MurmurHash3 (after bryc's cyrb53).
 */
export function quickHash(text: string): string {
  begin();
  addUnits(text);
  return digits();
}

/**
 * The same of a value in memory, without its JSON, which takes twice as long. The keys of objects do not count, so it compares rows
 * of one kind, whose keys stand in one order. Not for what is stored.
 */
export function quickHashOf(value: unknown): string {
  begin();
  addValue(value);
  return digits();
}

/** Said before each value, so that "1" is not 1, null is not undefined, and no value ends within another. */
const KIND = { undefined: 1, null: 2, true: 3, false: 4, number: 5, text: 6, members: 7, end: 8 } as const;

const lanes = new Int32Array(2);
const double = new Float64Array(1);
const unitsOfDouble = new Uint16Array(double.buffer);

function begin(): void {
  lanes[0] = 0xdeadbeef;
  lanes[1] = 0x41c6ce57;
}

function addValue(value: unknown): void {
  if (typeof value === "string") {
    addUnit(KIND.text);
    addUnit(value.length);
    addUnits(value);
  } else if (typeof value === "number") {
    addUnit(KIND.number);
    // Plus 0: -0 is 0.
    double[0] = value + 0;
    for (const unit of unitsOfDouble) addUnit(unit);
  } else if (typeof value === "object" && value !== null) {
    addUnit(KIND.members);
    for (const member of Object.values(value)) addValue(member);
    addUnit(KIND.end);
  } else {
    addUnit(value === null ? KIND.null : value === true ? KIND.true : value === false ? KIND.false : KIND.undefined);
  }
}

function addUnit(unit: number): void {
  lanes[0] = Math.imul((lanes[0] as number) ^ unit, 0x9e3779b1);
  lanes[1] = Math.imul((lanes[1] as number) ^ unit, 0x5f356495);
}

function addUnits(text: string): void {
  // Integers of 32 bits from the lanes: V8 keeps larger numbers as doubles, and each character takes four times as long.
  let a = lanes[0] as number;
  let b = lanes[1] as number;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  lanes[0] = a;
  lanes[1] = b;
}

function digits(): string {
  let a = lanes[0] as number;
  let b = lanes[1] as number;
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return hex(b) + hex(a);
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

const hex = (bits: number): string =>
  `${BYTES[bits >>> 24]}${BYTES[(bits >>> 16) & 255]}${BYTES[(bits >>> 8) & 255]}${BYTES[bits & 255]}`;
