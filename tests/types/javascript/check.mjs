// Checks the package's scripts by their JSDoc types: `tsc -p pkg-template`, without the errors of
// folders that have no types yet. Run `cargo xtask build` before: it writes target/types/.

import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The folders and files of pkg-template/ that have no types yet. Remove each that becomes clean. */
const UNTYPED = [];

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const template = join(root, "pkg-template");
const host = {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic(diagnostic) {
    throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
  },
};
const { fileNames, options, errors } = ts.getParsedCommandLineOfConfigFile(
  join(template, "tsconfig.json"),
  {},
  host,
);
const program = ts.createProgram(fileNames, options);
const found = [...errors, ...ts.getPreEmitDiagnostics(program)];

const untypedWith = (diagnostic) => {
  const name = diagnostic.file && relative(template, diagnostic.file.fileName);
  return UNTYPED.find((untyped) => name?.startsWith(untyped));
};
const problems = found.filter((diagnostic) => !untypedWith(diagnostic));
const clean = UNTYPED.filter((untyped) => !found.some((each) => untypedWith(each) === untyped));

const format = {
  getCurrentDirectory: () => root,
  getCanonicalFileName: (name) => name,
  getNewLine: () => "\n",
};
process.stdout.write(ts.formatDiagnostics(problems, format));
for (const name of clean)
  console.error(`${name} has types: remove it from UNTYPED in ${import.meta.filename}`);
process.exitCode = problems.length + clean.length > 0 ? 1 : 0;
