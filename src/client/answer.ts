/** What the server answered. `ok` gives its body, or throws the error. */
export interface Answer<Body> extends Pick<Response, "ok" | "status" | "headers"> {
  json(): Promise<Body>;
}
