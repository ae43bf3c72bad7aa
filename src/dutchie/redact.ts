/** Removes a customer's data from a webhook's body before it is kept in the ledger for 30 days. */

/** What stands in the place of what was removed. */
export const REMOVED = "[redacted]";
const MAX_DEPTH = 32;

// By whole key or by its beginning, compared without case and underscores. The names of products, brands, rooms, vendors and locations stay: they are what the ledger is for.
const PERSON =
  /^(customer|patient|consumer|buyer|guest|recipient|shopper|caregiver)|(first|last|middle|full|sur|given|family|nick)names?$|^nameprefix$|^namesuffix$|^invoicename$/;
const DATA =
  /birth|^dob$|address|^street|postal|^zip|phone|^mobile|^fax$|email|gender|^sex$|ssn|socialsecurity|passport|driver|medicalcard|medicalid|mmj|qualifyingcondition|idnumber|licenseplate|signature/;

/** A deep copy without customer data; what lies deeper than 32 levels is removed too, being unknown. */
export function redact(body: unknown): unknown {
  return copy(body, 0);
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return REMOVED;
  if (Array.isArray(value)) return value.map((each) => copy(each, depth + 1));
  // fromEntries defines own properties, so a key named __proto__ stays a key.
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      isPersonal(key) && inner !== null ? REMOVED : copy(inner, depth + 1),
    ]),
  );
}

function isPersonal(key: string): boolean {
  const plain = key.toLowerCase().replace(/[_\s-]/g, "");
  return PERSON.test(plain) || DATA.test(plain);
}
