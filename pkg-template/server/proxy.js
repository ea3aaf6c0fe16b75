import { checkedOptions } from "./options.js";

/**
 * Returns a function that answers a `Request` with the API's response, or a refusal in its shape.
 */
export function createProxy(given) {
  const options = checkedOptions(given);
  let answer;
  return async function proxy(request) {
    answer ??= import("./handler.js").then(({ createAnswer }) => createAnswer(options));
    return (await answer)(request);
  };
}
