// Resolves the headers of one request, and its key, from the options of the client.

import { describeType } from "../client/describe-type.js";
import { isBrowser } from "../client/environment.js";
import { KEY_PREFIX } from "../result/constants.js";
import { Failure, configurationFailure } from "../result/failure.js";
import { noteKey } from "../result/redact.js";

/**
 * The headers of one request, without `apiKey`. `hasKeyHeader` is true if they hold another key.
 * @typedef {object} ResolvedHeaders
 * @property {Headers} headers
 * @property {string | undefined} apiKey
 * @property {boolean} hasKeyHeader
 */
/**
 * Resolves to the headers of one request; rejects with a `Failure`.
 * @param {unknown} headersOption the caller's option `headers`
 * @param {unknown} apiKeyOption the caller's option `apiKey`
 * @returns {Promise<ResolvedHeaders>}
 */
export async function resolveHeaders(headersOption, apiKeyOption) {
  const headers = new Headers();
  const entries = await resolveOption("headers", headersOption);
  if (typeof entries === "object" && entries !== null) appendHeaders(headers, entries);
  else if (entries !== undefined)
    throw configurationFailure(`options.headers must give an object, got ${describeType(entries)}`);
  const apiKey = await resolveOption("apiKey", apiKeyOption);
  if (apiKey !== undefined && typeof apiKey !== "string") {
    throw configurationFailure(`options.apiKey must give a string, got ${describeType(apiKey)}`);
  }
  // The response may quote the key.
  if (apiKey !== undefined) await noteKey(apiKey);
  return {
    headers,
    apiKey,
    hasKeyHeader: [...headers.values()].some((value) => value.includes(KEY_PREFIX)),
  };
}

/** Headers that describe the body or its framing, which only the code that writes it can know. */
const BODY_HEADER = /^(content-(type|length|encoding)|transfer-encoding|trailer|expect)$/i;

/**
 * Appends the caller's headers; throws a `Failure` if one is invalid.
 * @param {Headers} headers
 * @param {object} entries an iterable of pairs, such as a Headers or a Map, or a record
 */
function appendHeaders(headers, entries) {
  try {
    for (const pair of Symbol.iterator in entries
      ? /** @type {Iterable<unknown>} */ (entries)
      : Object.entries(entries)) {
      if (!Array.isArray(pair))
        throw configurationFailure(`options.headers must hold pairs, got ${describeType(pair)}`);
      const [name, value] = pair;
      if (value == null) continue;
      if (BODY_HEADER.test(name)) {
        throw configurationFailure(`options.headers must not hold ${name}: the body sets it`);
      }
      if (typeof value !== "string")
        throw configurationFailure(`options.headers must hold strings, got ${describeType(value)}`);
      if (isBrowser() && value.includes(KEY_PREFIX)) {
        throw configurationFailure(
          "options.headers must not hold an API key in a browser, where everyone could read it: " +
            "let your proxy add it",
        );
      }
      headers.append(name, value);
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    // Without the exception, whose message quotes the value, which may be a token or a key.
    throw configurationFailure("options.headers must hold valid header names and values");
  }
}

/**
 * Resolves to an option, or to the result of its function; rejects with a `Failure`.
 * @param {string} name
 * @param {unknown} option
 * @returns {Promise<unknown>}
 */
async function resolveOption(name, option) {
  if (typeof option !== "function") return option;
  try {
    return await option();
  } catch (cause) {
    throw configurationFailure(`the function options.${name} failed`, cause);
  }
}
