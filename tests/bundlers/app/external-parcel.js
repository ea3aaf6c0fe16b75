// The way of Parcel to name a file that is to be served.
import { external } from "./external.js";
import address from "url:thetaone-web/core_bg.wasm";

external(address);
