// The response to an error of a function around the proxy. Loaded with the first of them.

/**
 * Logs the error that a function around the proxy threw. Returns the response.
 * @param {any} error
 */
export function failureResponse(error) {
  const stack = `${error?.stack ?? error}`;
  console.error(`thetaone-web/server: ${stack.replace(/sk-theta-[\w.~+/=-]+/g, "sk-theta-***")}`);
  return Response.json({ detail: "The proxy failed: its log says why" }, { status: 500 });
}
