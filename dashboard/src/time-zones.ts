/** American zones come first: the stores are there. */
const COMMON = [
  "America/Los_Angeles",
  "America/Denver",
  "America/Phoenix",
  "America/Chicago",
  "America/New_York",
  "America/Detroit",
  "America/Anchorage",
  "Pacific/Honolulu",
];

export const TIME_ZONES = [...new Set([...COMMON, ...Intl.supportedValuesOf("timeZone"), "UTC"])];
