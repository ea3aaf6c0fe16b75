// Facts about a connection that a `Request` cannot hold.

/**
 * @typedef {object} Connection
 * @property {string} path the path as it was sent: the URL of a `Request` is normalized
 * @property {string | undefined} localAddress the address that the connection came in on
 * @property {boolean | undefined} isBodyRead whether something has read the body before the proxy
 */

/** @type {WeakMap<Request, Connection>} */
const connections = new WeakMap();

/**
 * Stores the connection that `request` came in on.
 * @param {Request} request
 * @param {Connection} connection
 */
export const setConnection = (request, connection) => connections.set(request, connection);

/** @param {Request} request */
export const getConnection = (request) => connections.get(request);
