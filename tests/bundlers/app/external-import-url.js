// With `loader: { ".wasm": "file" }`, esbuild turns this import into a URL.
import { external } from "./external.js";
import address from "thetaone-web/core_bg.wasm";

external(new URL(address, import.meta.url));
