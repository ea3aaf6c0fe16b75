// The proxy with the options of the contract.

import { createProxy } from "thetaone-web/server";

const proxy = createProxy(JSON.parse(process.env.PROXY_OPTIONS ?? "{}"));

export { proxy as OPTIONS, proxy as POST };
