import { describe, expect, it } from "vitest";
import { checkEndpoint } from "../../../src/security/endpoint.ts";

const strict = (url: string) => checkEndpoint(url, { allowLocal: false });

describe("an endpoint is accepted when it is https and public", () => {
  it.each([
    ["https://api.pos.dutchie.com", "https://api.pos.dutchie.com"],
    ["https://API.pos.Dutchie.com/", "https://api.pos.dutchie.com"],
    ["https://gateway.shop.com:8443/dutchie//", "https://gateway.shop.com:8443/dutchie"],
    ["https://8.8.8.8", "https://8.8.8.8"],
    ["https://172.32.0.1", "https://172.32.0.1"],
    ["https://100.128.0.1", "https://100.128.0.1"],
    ["https://[2606:4700::1111]", "https://[2606:4700::1111]"],
  ])("%s", (given, url) => {
    expect(strict(given)).toEqual({ ok: true, url });
  });
});

describe("an endpoint is refused", () => {
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
  ])("%s", (given) => {
    expect(strict(given)).toEqual({ ok: false, reason: expect.any(String) });
  });
});

describe("in development", () => {
  const local = (url: string) => checkEndpoint(url, { allowLocal: true }).ok;

  it("local endpoints are accepted, also over http", () => {
    expect(local("http://localhost:8790")).toBe(true);
    expect(local("http://127.0.0.1:8790/")).toBe(true);
    expect(local("http://[::1]:8790")).toBe(true);
    expect(local("https://localhost")).toBe(true);
  });

  it("a public host is still asked over https only", () => {
    expect(local("http://api.pos.dutchie.com")).toBe(false);
    expect(local("https://api.pos.dutchie.com")).toBe(true);
  });
});
