// Works with every tool: the file is copied to where the page is served.
import { external } from "./external.js";

external("/core_bg.wasm");
