/** American ones first: that is where the stores are. */
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
