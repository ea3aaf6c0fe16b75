import { ConfigurationError } from "../result/errors.js";
import { TEXTS } from "./api.js";

/** Apart from local-errors.js, which brings the texts of errors that servers do not have. */
export const configurationError = (message) =>
  new ConfigurationError({
    ...TEXTS.CONFIGURATION,
    code: "CONFIGURATION",
    origin: "client",
    message,
  });
