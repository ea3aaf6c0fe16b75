// The syntax of Parcel for the URL of a file that is served.
import { external } from "./external.js";
import address from "url:thetaone-web/core_bg.wasm";

external(address);
