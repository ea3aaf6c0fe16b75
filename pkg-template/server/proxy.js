import { validateOptions } from "./options.js";

/** @import { ProxyInput } from "../server.js" */

/** @type {typeof import("../server.js").createProxy} */
export function createProxy(givenOptions) {
  const options = validateOptions(givenOptions);
  /** @type {Promise<(input: ProxyInput) => Promise<Response>> | undefined} */
  let handler;
  return async function proxy(input) {
    handler ??= import("./handler.js").then(({ createHandler }) => createHandler(options));
    return (await handler)(input);
  };
}
