// The way of Vite and webpack to name a file that is to be served.
import { external } from "./external.js";

external(new URL("thetaone-web/core_bg.wasm", import.meta.url));
