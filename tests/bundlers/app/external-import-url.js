// With `loader: { ".wasm": "file" }`, esbuild makes an address of it.
import { external } from "./external.js";
import address from "thetaone-web/core_bg.wasm";

external(new URL(address, import.meta.url));
