// Assigns the code of each entry to its public declarations, so that the compiler compares them.
// `tsc` ignores a script beside its declarations; `cargo xtask build` copies the entries to
// target/types/, where there are none.

import type * as codeOfErrors from "../../../target/types/errors.js";
import type * as codeOfExternal from "../../../target/types/external.js";
import type * as codeOfIndex from "../../../target/types/index.js";
import type * as codeOfReact from "../../../target/types/react.js";
import type * as codeOfServer from "../../../target/types/server.js";
import type * as codeOfServiceWorker from "../../../target/types/service-worker.js";
import type * as codeOfTesting from "../../../target/types/testing.js";
import type * as errors from "../../../pkg-template/errors.js";
import type * as external from "../../../pkg-template/external.js";
import type * as index from "../../../pkg-template/index.js";
import type * as react from "../../../pkg-template/react.js";
import type * as server from "../../../pkg-template/server.js";
import type * as serviceWorker from "../../../pkg-template/service-worker.js";
import type * as testing from "../../../pkg-template/testing.js";

/** Holds if both entries export the same names. */
type SameNames<Code, Declared> = [keyof Code, keyof Declared] extends [keyof Declared, keyof Code]
  ? true
  : {
      missing: Exclude<keyof Declared, keyof Code>;
      undeclared: Exclude<keyof Code, keyof Declared>;
    };

/**
 * An error's members, with fields as wide as the code has them: only the declarations name the
 * `code` and `reason` of each class. tests/public_face.rs compares those with the catalogue.
 */
type Widened<Fields> = {
  [Name in keyof Fields]: Name extends "code" | "reason" ? string | undefined : Fields[Name];
};
type WidenedErrors<Module> = {
  [Name in keyof Module]: Module[Name] extends { prototype: infer Instance }
    ? Widened<Instance>
    : never;
};

declare function declares<Declared>(code: Declared): void;
declare const code: {
  classes: typeof codeOfErrors;
  errors: WidenedErrors<typeof codeOfErrors>;
  external: typeof codeOfExternal;
  index: typeof codeOfIndex;
  react: typeof codeOfReact;
  server: typeof codeOfServer;
  testing: typeof codeOfTesting;
};

/**
 * The exports of an entry besides those of thetaone-web/errors, which are compared there, and besides
 * `Take`, whose constructor is private in the declarations, and `microphones`, because record/ has no
 * types.
 */
type Own<Module> = Omit<Module, keyof typeof errors | "Take" | "microphones">;

declares<Own<typeof external>>(code.external);
declares<Own<typeof index>>(code.index);
declares<Pick<typeof index.Take, "is" | "prototype">>(code.index.Take);
declares<WidenedErrors<typeof errors>>(code.errors);
declares<Pick<typeof errors.ThetaOneError, "is" | "from">>(code.classes.ThetaOneError);
declares<typeof react>(code.react);
declares<typeof server>(code.server);
declares<typeof testing>(code.testing);

export const sameNames: {
  errors: SameNames<typeof codeOfErrors, typeof errors>;
  external: SameNames<typeof codeOfExternal, typeof external>;
  index: SameNames<typeof codeOfIndex, typeof index>;
  react: SameNames<typeof codeOfReact, typeof react>;
  server: SameNames<typeof codeOfServer, typeof server>;
  serviceWorker: SameNames<typeof codeOfServiceWorker, typeof serviceWorker>;
  testing: SameNames<typeof codeOfTesting, typeof testing>;
} = {
  errors: true,
  external: true,
  index: true,
  react: true,
  server: true,
  serviceWorker: true,
  testing: true,
};
