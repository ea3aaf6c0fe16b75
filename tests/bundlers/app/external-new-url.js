// The syntax of Vite and webpack for the URL of a file that is served.
import { external } from "./external.js";

external(new URL("thetaone-web/core_bg.wasm", import.meta.url));
