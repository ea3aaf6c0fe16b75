// The configuration of the server, from its arguments and environment variables.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { LOOPBACK_NAMES } from "./access.js";
import { connectToApi, connectToEmulator } from "./upstream.js";

const USAGE = `usage: node www-demo/server/main.js --dist FOLDER [--port PORT]
         [--emulator URL] [--allow-host HOST]...

--dist FOLDER        the built page
--port PORT          default 8080; 0 for any free port
--emulator URL       send calls to the emulator at this address; without it, the real API is called
--allow-host HOST    accept requests for this Host too, for example demo.example.com

THETA_ONE_API_KEY    the key of the real API
THETA_ONE_BASE_URL   the address of the real API (default https://stt.thetaone-ai.com)
THETA_ONE_REQUESTS_PER_MINUTE
                     the key's quota; a request above it gets 429 with Retry-After
                     (default none; the API's are 30 Free, 100 Starter, 500 Pro)`;

/**
 * The sources of the proxy's options, for error messages.
 * @type {Record<string, string>}
 */
const SOURCES = {
  apiKey: "THETA_ONE_API_KEY",
  baseUrl: "THETA_ONE_BASE_URL",
  requestsPerMinute: "THETA_ONE_REQUESTS_PER_MINUTE",
  allowedHosts: "--allow-host",
};

/**
 * Returns the options of the server. Throws an error whose message is for the user.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} environment
 */
export async function configure(args, environment) {
  const { dist, port, emulator, allowedHosts } = parseArguments(args);
  if (!existsSync(join(dist, "index.html")))
    throw new Error(`${dist} does not contain the built page; run \`cargo xtask demo\``);
  // Trimmed, because a key from a file ends in a line break.
  const [apiKey, baseUrl, requestsPerMinute] = [
    "THETA_ONE_API_KEY",
    "THETA_ONE_BASE_URL",
    "THETA_ONE_REQUESTS_PER_MINUTE",
  ].map((name) => environment[name]?.trim() || undefined);
  const options = {
    ...(requestsPerMinute !== undefined && { requestsPerMinute: Number(requestsPerMinute) }),
    ...(allowedHosts.length > 0 && { allowedHosts: [...LOOPBACK_NAMES, ...allowedHosts] }),
  };
  try {
    const upstream = emulator
      ? await connectToEmulator(emulator, options)
      : connectToApi({ ...options, apiKey, ...(baseUrl && { baseUrl }) });
    return { dist, port, allowedHosts, upstream };
  } catch (/** @type {any} */ error) {
    if (error?.code !== "CONFIGURATION") throw error;
    throw new Error(nameSource(error.message), { cause: error });
  }
}

/** @param {string[]} args */
function parseArguments(args) {
  const { values } = parseArgs({
    args,
    options: {
      dist: { type: "string" },
      port: { type: "string", default: "8080" },
      emulator: { type: "string" },
      "allow-host": { type: "string", multiple: true, default: [] },
    },
  });
  const port = Number(values.port);
  if (!values.dist) throw new Error(`--dist is missing\n${USAGE}`);
  if (!/^\d+$/.test(values.port) || port > 65_535) throw new Error("--port must be 0 to 65535");
  return { ...values, dist: values.dist, port, allowedHosts: values["allow-host"] };
}

/**
 * Replaces the name of an option of the proxy by that of the variable or argument that it is from.
 * No message contains a value.
 * @param {string} message
 */
function nameSource(message) {
  return message
    .replace(/^options\.(\w+)/, (option, name) => SOURCES[name] ?? option)
    .replace(/, or a function$/, "");
}
