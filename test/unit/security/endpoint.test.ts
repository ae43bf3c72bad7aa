import { describe, expect, it } from "vitest";
import { checkEndpoint, isSameOrigin } from "../../../src/security/endpoint.ts";

const strict = (url: string) => checkEndpoint(url, { allowLocal: false, own: "https://dutchie.ours.com" });

describe("endpoints that are accepted", () => {
  it.each([
    ["https://api.pos.dutchie.com", "https://api.pos.dutchie.com"],
    ["https://API.pos.Dutchie.com/", "https://api.pos.dutchie.com"],
    ["https://gateway.shop.com:8443/dutchie//", "https://gateway.shop.com:8443/dutchie"],
    ["https://8.8.8.8", "https://8.8.8.8"],
    ["https://172.32.0.1", "https://172.32.0.1"],
    ["https://100.128.0.1", "https://100.128.0.1"],
    ["https://[2606:4700::1111]", "https://[2606:4700::1111]"],
  ])("the endpoint is accepted: %s", (given, url) => {
    expect(strict(given)).toEqual({ ok: true, url });
  });
});

describe("endpoints that are refused", () => {
  it.each([
    // not https, or not a URL
    "http://api.pos.dutchie.com",
    "ftp://api.pos.dutchie.com",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "api.pos.dutchie.com",
    "https://",
    "",
    // more than an address
    "https://me:you@api.pos.dutchie.com",
    "https://me@api.pos.dutchie.com",
    "https://@api.pos.dutchie.com",
    "https://api.pos.dutchie.com/?to=x",
    "https://api.pos.dutchie.com/#x",
    // names of this machine and this network
    "https://localhost",
    "https://LOCALHOST.",
    "https://api.localhost",
    "https://printer.local",
    "https://db.internal",
    "https://metadata.google.internal",
    "https://intranet",
    "https://router.home.arpa",
    "https://127.0.0.1.nip.io",
    "https://localtest.me",
    // IPv4 in every notation
    "https://127.0.0.1",
    "https://127.1",
    "https://0177.0.0.1",
    "https://0x7f.1",
    "https://0x7f000001",
    "https://2130706433",
    "https://017700000001",
    "https://①②⑦.0.0.1",
    "https://127.0.0.1.",
    "https://0.0.0.0",
    "https://10.1.2.3",
    "https://172.16.0.1",
    "https://172.31.255.255",
    "https://192.168.1.1",
    "https://169.254.169.254",
    "https://2852039166",
    "https://100.64.0.1",
    "https://100.100.100.200",
    "https://192.0.2.1",
    "https://198.18.0.1",
    "https://224.0.0.1",
    "https://255.255.255.255",
    // IPv6
    "https://[::]",
    "https://[::1]",
    "https://[0:0:0:0:0:0:0:1]",
    "https://[::ffff:127.0.0.1]",
    "https://[::ffff:7f00:1]",
    "https://[::ffff:8.8.8.8]",
    "https://[::127.0.0.1]",
    "https://[64:ff9b::7f00:1]",
    "https://[fe80::1]",
    "https://[fc00::1]",
    "https://[fd00:ec2::254]",
    "https://[ff02::1]",
    "https://[2001:db8::1]",
    "https://[2001::1]",
    "https://[2002:7f00:1::]",
    "https://[2002:a00:1::]",
  ])("the endpoint is refused: %s", (given) => {
    expect(strict(given)).toEqual({ ok: false, reason: expect.any(String) });
  });
});

describe("endpoints in development", () => {
  const local = (url: string) => checkEndpoint(url, { allowLocal: true, own: "http://localhost:8787" }).ok;

  it("development accepts local endpoints, over http, too", () => {
    expect(local("http://localhost:8790")).toBe(true);
    expect(local("http://127.0.0.1:8790/")).toBe(true);
    expect(local("http://[::1]:8790")).toBe(true);
    expect(local("https://localhost")).toBe(true);
  });

  it("development still needs https for a public host", () => {
    expect(local("http://api.pos.dutchie.com")).toBe(false);
    expect(local("https://api.pos.dutchie.com")).toBe(true);
  });
});

describe("F82: the development flag opens loopback alone", () => {
  const local = (url: string) => checkEndpoint(url, { allowLocal: true, own: "http://localhost:8787" });

  it.each([
    "http://localhost:8790",
    "http://127.0.0.1:8790",
    "http://127.8.9.10:8790",
    "http://2130706433:8790",
    "http://LOCALHOST.:1",
  ])("F82: %s is loopback", (url) => {
    expect(local(url).ok).toBe(true);
  });

  it.each([
    "http://10.0.0.5",
    "https://10.0.0.5",
    "https://192.168.1.1",
    "https://172.16.0.1:8443",
    "https://3232235777",
    "https://0xC0A80101",
    "https://0300.0250.1.1",
    "https://169.254.169.254",
    "https://100.64.0.1",
    "https://0.0.0.0",
    "http://0.0.0.0:8790",
    "https://[::]",
    "https://[::ffff:10.0.0.5]",
    "https://[::ffff:7f00:1]",
    "https://[fd00::1]",
    "https://[fe80::1]",
    "https://[64:ff9b::a00:5]",
    "https://[64:ff9b:1::a00:5]",
    "https://db.internal",
    "https://printer.local.",
    "https://intranet",
    "https://app.localhost",
    "https://10.0.0.5.nip.io",
  ])("F82: %s is not loopback", (url) => {
    expect(local(url)).toEqual({ ok: false, reason: expect.any(String) });
  });
});

describe("F82: our own address is no endpoint, key server or channel", () => {
  const from = (own: string, url: string, allowLocal = false) =>
    checkEndpoint(url, { allowLocal, own, whole: true }).ok;

  it.each([
    "https://dutchie.ours.com",
    "https://dutchie.ours.com/webhooks/dutchie/loc_1",
    "https://DUTCHIE.ours.com.",
    "https://dutchie.ours.com:8443",
    "https://dutchie。ours。com",
    "https://reup-dutchie.acme.workers.dev",
    "https://reup-dutchie-staging.acme.workers.dev/v1",
    "https://f00d-reup-dutchie.acme.workers.dev",
  ])("F82: %s is our own address", (url) => {
    expect(from("https://dutchie.ours.com", url)).toBe(false);
  });

  it("F82: a preview of a Worker is our own address, under another name, too", () => {
    expect(from("https://sync.acme.workers.dev", "https://sync.acme.workers.dev")).toBe(false);
    expect(from("https://sync.acme.workers.dev", "https://f00d-sync.acme.workers.dev")).toBe(false);
    expect(from("https://sync.acme.workers.dev", "https://sync.other.workers.dev")).toBe(true);
  });

  it.each(["https://ours.com", "https://dutchie.ours.com.thief.com", "https://gateway.acme.workers.dev"])(
    "F82: %s is somebody else's address",
    (url) => {
      expect(from("https://dutchie.ours.com", url)).toBe(true);
    },
  );

  it("F82: in development the port separates us from a neighbour on the same machine", () => {
    for (const url of [
      "http://localhost:8787",
      "http://127.0.0.1:8787",
      "http://127.9.9.9:8787",
      "http://[::1]:8787",
    ]) {
      expect(from("http://localhost:8787", url, true), url).toBe(false);
    }
    expect(from("http://localhost:8787", "http://127.0.0.1:8790", true)).toBe(true);
  });
});

describe("the origin of an address", () => {
  it.each([
    ["https://pos.shop.com", "https://POS.shop.com:443/api", true],
    ["https://pos.shop.com", "https://pos.shop.com.", true],
    ["https://bücher.com", "https://xn--bcher-kva.com/x", true],
    ["https://pos.shop.com", "http://pos.shop.com", false],
    ["https://pos.shop.com", "https://pos.shop.com:8443", false],
    ["https://pos.shop.com", "https://pos.shop.com.evil.com", false],
    ["https://pos.shop.com", "https://pos.shop.com@evil.com", false],
    ["https://pos.shop.com", "not an address", false],
  ])("%s and %s have one origin: %s", (one, other, same) => {
    expect(isSameOrigin(one, other)).toBe(same);
  });
});
