import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { configProblems, parseConfig } from "../../src/env.ts";

const DEVELOPMENT = {
  ENVIRONMENT: "development",
  PUBLIC_URL: "http://localhost:8787",
  AUTH_JWT_SECRET: randomBytes(32).toString("base64"),
  CREDENTIAL_KEYS: JSON.stringify({ k0: randomBytes(32).toString("base64") }),
};
const PRODUCTION = {
  ...DEVELOPMENT,
  ENVIRONMENT: "production",
  PUBLIC_URL: "https://dutchie.reup-retail.com",
  AUTH_ISSUER: "https://reup-retail.com",
  AUTH_AUDIENCE: "dutchie",
};

it.each([
  // No request ever has such an origin: the pages would be refused in silence.
  ["CORS_ORIGINS", "https://app.reup-retail.com/inventory"],
  ["CORS_ORIGINS", "https://*.reup-retail.com"],
  ["CORS_ORIGINS", "https://app.reup-retail.com https://b.reup-retail.com"],
  ["CORS_ORIGINS", "*"],
  ["CORS_ORIGINS", "text"],
  // Webhook addresses and links begin with it.
  ["PUBLIC_URL", "https://dutchie.reup-retail.com/api"],
  ["PUBLIC_URL", "https://dutchie.reup-retail.com?a=1"],
  ["PUBLIC_URL", "https://dutchie.reup-retail.com/#a"],
  ["PUBLIC_URL", "https://me@dutchie.reup-retail.com"],
  ["PUBLIC_URL", "https://*.reup-retail.com"],
  ["PUBLIC_URL", "https://a.reup-retail.com,https://b.reup-retail.com"],
  // A store whose reader died would stand still for days.
  ["WATCHDOG_MS", "1000000000"],
  ["WATCHDOG_MS", "1e300"],
  ["WATCHDOG_MS", "0"],
  ["WATCHDOG_MS", "-1"],
  ["WATCHDOG_MS", "soon"],
  ["QUEUED_MS", "1000000000"],
  ["QUEUED_MS", "0"],
  ["QUEUED_MS", ""],
  ["ALLOW_LOCAL_ENDPOINTS", "TRUE"],
  ["ALLOW_LOCAL_ENDPOINTS", "1"],
  ["ALLOW_LOCAL_ENDPOINTS", "yes"],
])("%s that cannot be meant is refused: %s", (name, value) => {
  for (const given of [DEVELOPMENT, PRODUCTION]) {
    const problems = configProblems({ ...given, [name]: value });
    expect(new Set(problems.map((each) => each.name))).toEqual(new Set([name]));
    // It may be a secret in the wrong place.
    if (value.length > 4) expect(JSON.stringify(problems.map(({ message }) => message))).not.toContain(value);
  }
});

it.each(["https://app.reup-retail.com/", "https://app.reup-retail.com:443", " https://App.ReUp-Retail.com,"])(
  "the origin %s is compared as browsers state it",
  (CORS_ORIGINS) => {
    const { cors_origins } = parseConfig({ ...PRODUCTION, CORS_ORIGINS });
    expect(cors_origins).toEqual(["https://app.reup-retail.com"]);
  },
);

it.each([
  ["CORS_ORIGINS", " https://app.reup-retail.com , https://b.reup-retail.com:8443,"],
  ["CORS_ORIGINS", ""],
  ["PUBLIC_URL", "https://dutchie.reup-retail.com/"],
  ["PUBLIC_URL", "https://Dutchie.ReUp-Retail.com"],
  ["PUBLIC_URL", "https://dutchie.reup-retail.com:8443"],
  ["WATCHDOG_MS", "3000"],
  ["WATCHDOG_MS", " 90000 "],
  ["QUEUED_MS", "3600000"],
  ["ALLOW_LOCAL_ENDPOINTS", " false "],
  ["ALLOW_LOCAL_ENDPOINTS", ""],
])("%s is taken: %s", (name, value) => {
  expect(configProblems({ ...PRODUCTION, [name]: value })).toEqual([]);
});

it("webhook addresses begin with the address as it is written, without a slash", () => {
  const public_url = (PUBLIC_URL: string) => parseConfig({ ...PRODUCTION, PUBLIC_URL }).public_url;
  expect(public_url("https://Dutchie.ReUp-Retail.com//")).toBe("https://Dutchie.ReUp-Retail.com");
  expect(parseConfig(DEVELOPMENT).public_url).toBe("http://localhost:8787");
});
