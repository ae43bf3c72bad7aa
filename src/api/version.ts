// By its name: of a whole `package.json` everything would be in the bundle.
export { version as VERSION } from "../../package.json";
