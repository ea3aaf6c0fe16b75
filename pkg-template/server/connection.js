// Facts about a connection that a `Request` cannot hold.

const connections = new WeakMap();

/** Stores the connection that `request` came in on. */
export const setConnection = (request, connection) => connections.set(request, connection);

export const getConnection = (request) => connections.get(request);
