// Loaded into each command of a rehearsal: a visit of the rehearsed host goes to this machine, everything else goes where it went.
const { REHEARSED_HOST, REHEARSED_EDGE } = process.env;
const elsewhere = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const request = new Request(input, init);
  const url = new URL(request.url);
  if (url.host !== REHEARSED_HOST) return elsewhere(request);
  const visit = new Request(`${REHEARSED_EDGE}${url.pathname}${url.search}`, request);
  visit.headers.set("x-rehearsed-host", url.host);
  return elsewhere(visit);
};
