// The proxy as a worker; the binding holds its options, as JSON.

import { createProxy } from "thetaone-web/server";

let proxy;
export default {
  fetch(request, { PROXY_OPTIONS }) {
    proxy ??= createProxy(JSON.parse(PROXY_OPTIONS));
    return proxy(request);
  },
};
