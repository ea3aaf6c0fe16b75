// Host names, as far as options and headers are checked.

const HOST = /^(\[[\da-f:.]+\]|[\w.-]+?)\.?(?::\d{1,5})?$/i;

/**
 * Returns the name or address in a `Host` header, without its port, or `undefined`.
 * @param {string} host
 */
export const parseHostname = (host) => HOST.exec(host)?.[1]?.toLowerCase();

/**
 * True if a name or address always means this machine.
 * @param {string} hostname
 */
export const isLoopback = (hostname) =>
  /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
