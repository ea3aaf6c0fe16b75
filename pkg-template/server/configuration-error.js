import { ConfigurationError } from "../errors.js";
import { TEXTS } from "./api.js";

/** Apart from early-errors.js, which brings the texts of errors that servers do not have. */
export const configurationError = (message) =>
  new ConfigurationError({
    ...TEXTS.CONFIGURATION,
    code: "CONFIGURATION",
    origin: "client",
    message,
  });
