// Facts about a connection that a `Request` cannot hold.

const connections = new WeakMap();

/**
 * Remembers the connection that `request` came in on: `localAddress`, `isBodyRead`, and
 * `path` as it was sent, because the URL of a `Request` is normalized.
 */
export const rememberConnection = (request, connection) => connections.set(request, connection);

export const connectionOf = (request) => connections.get(request);
