// Runs the demo's server until it is interrupted.

import { configure } from "./configuration.js";
import { startServer } from "./server.js";

try {
  const options = await configure(process.argv.slice(2), process.env);
  const url = await startServer(options);
  // xtask waits for this line.
  console.log(`Demo ready: ${url}`);
} catch (/** @type {any} */ error) {
  const isPortInUse = error.code === "EADDRINUSE";
  const message = isPortInUse
    ? `port ${error.port} is in use; choose another by --port`
    : error.message;
  console.error(`demo server: ${message}`);
  process.exitCode = 1;
}
