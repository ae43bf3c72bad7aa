/**
 * The hash of a record's content, from its values in a fixed order: it orders versions of one time, and shows equal content. 64 bits
 * as 16 hexadecimal digits, the same on any machine, for it is stored. Against accidents only: with intent, two states of one hash
 * can be found, so it makes no id. Two 32-bit lanes, mixed as in MurmurHash3 (after bryc's cyrb53), over the values themselves: their
 * JSON takes twice as long, and SHA-256 twenty times.
 */
export function quickHash(values: readonly unknown[]): string {
  begin();
  for (const value of values) addValue(value);
  finish();
  return hex(lanes[1] as number) + hex(lanes[0] as number);
}

/**
 * 53 bits of a row in memory. Keys do not count, so it compares rows of one kind, whose keys stand in one order; a list's
 * order does not count either.
 */
export function quickHashOf(row: object): number {
  begin();
  addValue(row);
  finish();
  return ((lanes[1] as number) >>> 0) * 2 ** 21 + ((lanes[0] as number) >>> 11);
}

/** Said before each value, so that "1" is not 1, null is not undefined, and no value ends within another. */
const KIND = {
  undefined: 1,
  null: 2,
  true: 3,
  false: 4,
  whole: 5,
  number: 6,
  list: 7,
  members: 8,
  end: 9,
  text: 10,
} as const;

/** The lanes, and a double as two integers. Integers of 32 bits: V8 keeps larger numbers as doubles, and each step takes four times as long. */
const lanes = new Int32Array(2);
const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);

function begin(): void {
  lanes[0] = 0xdeadbeef;
  lanes[1] = 0x41c6ce57;
}

function addValue(value: unknown): void {
  if (typeof value === "string") {
    addText(value);
  } else if (typeof value === "number") {
    addNumber(value);
  } else if (Array.isArray(value)) {
    addList(value);
  } else if (typeof value === "object" && value !== null) {
    addUnit(KIND.members);
    // Without a list of its values: each row would have one.
    for (const key in value) addValue((value as Record<string, unknown>)[key]);
    addUnit(KIND.end);
  } else {
    addUnit(value === null ? KIND.null : value === true ? KIND.true : value === false ? KIND.false : KIND.undefined);
  }
}

/** The sum of its members' hashes is the same in any order. */
function addList(list: readonly unknown[]): void {
  const [a, b] = [lanes[0] as number, lanes[1] as number];
  let [sumA, sumB] = [0, 0];
  for (const member of list) {
    begin();
    addValue(member);
    finish();
    sumA = (sumA + (lanes[0] as number)) | 0;
    sumB = (sumB + (lanes[1] as number)) | 0;
  }
  [lanes[0], lanes[1]] = [a, b];
  addUnit(KIND.list);
  for (const bits of [list.length, sumA, sumB]) addBits(bits);
}

function addNumber(value: number): void {
  // -0 is 0.
  if ((value | 0) === value) {
    addUnit(KIND.whole);
    addBits(value);
    return;
  }
  double[0] = value;
  addUnit(KIND.number);
  addBits(halves[0] as number);
  addBits(halves[1] as number);
}

/** 32 bits in two steps: a lane's highest bit never reaches the others, so two values could exchange theirs, such as their signs. */
function addBits(bits: number): void {
  addUnit(bits & 0xffff);
  addUnit(bits >>> 16);
}

function addUnit(unit: number): void {
  lanes[0] = Math.imul((lanes[0] as number) ^ unit, 0x9e3779b1);
  lanes[1] = Math.imul((lanes[1] as number) ^ unit, 0x5f356495);
}

function addText(text: string): void {
  addUnit(KIND.text);
  addUnit(text.length);
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

/** Mixes the lanes, so that each bit of the values counts in each bit of them. */
function finish(): void {
  let a = lanes[0] as number;
  let b = lanes[1] as number;
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  lanes[0] = a;
  lanes[1] = b;
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

const hex = (bits: number): string =>
  `${BYTES[bits >>> 24]}${BYTES[(bits >>> 16) & 255]}${BYTES[(bits >>> 8) & 255]}${BYTES[bits & 255]}`;
