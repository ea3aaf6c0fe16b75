import { ConfigurationError } from "../result/errors.js";
import { TEXTS } from "./api.js";

/**
 * Creates a `ConfigurationError`. Separate from local-errors.js, which would bring the texts of
 * errors that servers do not have.
 * @param {string} message
 */
export const configurationError = (message) =>
  new ConfigurationError({
    ...TEXTS.CONFIGURATION,
    code: "CONFIGURATION",
    origin: "client",
    message,
  });
