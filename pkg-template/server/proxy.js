import { validateOptions } from "./options.js";

export function createProxy(givenOptions) {
  const options = validateOptions(givenOptions);
  let handler;
  return async function proxy(input) {
    handler ??= import("./handler.js").then(({ createHandler }) => createHandler(options));
    return (await handler)(input);
  };
}
