// Writes docs/api.md from the package's declarations, or checks with `--check` that it is up to
// date.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const FILE = "docs/api.md";

/** The entries of the package, and the declarations that each of them adds. */
const ENTRIES = [
  ["thetaone-web", modulesOf("index.d.ts")],
  ["thetaone-web/react", ["react.d.ts"]],
  ["thetaone-web/elements", ["elements.d.ts"]],
  ["thetaone-web/server", ["server.d.ts"]],
  ["thetaone-web/testing", ["testing.d.ts"]],
  ["thetaone-web/external", ["external.d.ts"]],
  ["thetaone-web/errors", ["errors.d.ts"]],
  ["thetaone-web/service-worker", ["service-worker.d.ts"]],
];

function parse(name) {
  const text = readFileSync(path(`pkg-template/${name}`), "utf8");
  return ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
}

/** Returns the files that a declaration file re-exports as a whole. */
function modulesOf(name) {
  return parse(name)
    .statements.filter((statement) => ts.isExportDeclaration(statement) && !statement.exportClause)
    .map(({ moduleSpecifier }) => moduleSpecifier.text.replace(/^\.\/(.*)\.js$/, "$1.d.ts"));
}

/** Returns the comment at the top of a file, without the name of the entry. */
function introduction(source) {
  const [first] = ts.getLeadingCommentRanges(source.text, 0) ?? [];
  if (!first) return "";
  const comments =
    source.text[first.pos + 1] === "*"
      ? source.text.slice(first.pos + 3, first.end - 2).split(/\n \* ?/)
      : /^(?:\/\/.*\n)+/.exec(source.text)[0].split(/\n?\/\/ ?/);
  const text = comments.join("\n").trim();
  return capitalize(text.replace(/^`?thetaone-web[\w/-]*`?: /, ""));
}

const capitalize = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Returns the documentation of a declaration: its text, and the errors that it throws. */
function documentation(node) {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = comments.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "").join("\n\n");
  const thrown = ts.getJSDocTags(node).filter(ts.isJSDocThrowsTag);
  const errors = thrown.map(({ typeExpression, comment }) => {
    const condition = ts.getTextOfJSDocComment(comment).replaceAll(/\s+/g, " ");
    return `Throws \`${typeExpression.type.getText()}\` ${condition}.`;
  });
  return [text.trim(), ...errors].filter(Boolean).join("\n\n");
}

/** Returns code in one line, without comments. */
function inline(node) {
  const printer = ts.createPrinter({ removeComments: true });
  const printed = printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
  const line = printed.replaceAll(/\s*\n\s*/g, " ").replace(/^(?:export |declare )+/, "");
  return line.replace(/;$/, "").replace(/(= )\| /, "$1");
}

const code = (text) => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);
const indent = (text) => text.replaceAll(/^(?=.)/gm, "  ");

const isHidden = (member) =>
  ts.isConstructorDeclaration(member) &&
  ts
    .getModifiers(member)
    ?.some(({ kind }) =>
      [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword].includes(kind),
    );

function memberItem(member) {
  const text = documentation(member);
  if (!text) return `- ${code(inline(member))}`;
  return `- ${code(inline(member))}\\\n${indent(text)}`;
}

/** Returns the part of a declaration before its members. */
function head(node) {
  const kind = ts.isInterfaceDeclaration(node) ? "interface" : "class";
  const parameters = node.typeParameters?.map((one) => one.getText()).join(", ");
  const parents = node.heritageClauses?.map((clause) => ` ${clause.getText()}`).join("") ?? "";
  return `${kind} ${node.name.text}${parameters ? `<${parameters}>` : ""}${parents}`;
}

const hasMembers = (node) => ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node);

function section(declarations) {
  const parts = declarations.flatMap((node) => {
    if (!hasMembers(node)) return [code(inline(node)), documentation(node)];
    const members = node.members.filter((member) => !isHidden(member)).map(memberItem);
    return [code(head(node)), documentation(node), members.join("\n")];
  });
  return parts.filter(Boolean).join("\n\n").trimEnd();
}

/** Returns the heading of a declaration. `Microphones` and `microphones` need different anchors. */
const headingOf = (node) =>
  ts.isVariableStatement(node)
    ? `const ${node.declarationList.declarations[0].name.text}`
    : node.name.text;

function isDeclaration(node) {
  return (
    hasMembers(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isVariableStatement(node)
  );
}

/** Returns the declarations of files by their names, in their order. */
function declarationsOf(files) {
  const found = new Map();
  for (const node of files.flatMap((file) => parse(file).statements.filter(isDeclaration))) {
    const name = headingOf(node);
    found.set(name, [...(found.get(name) ?? []), node]);
  }
  return found;
}

function entrySection([entry, files]) {
  const declarations = declarationsOf(files);
  const names = [...declarations.keys()];
  const links = names.map((name) => `[\`${name}\`](#${anchor(name)})`);
  const lead = files.length === 1 ? introduction(parse(files[0])) : "The client and its types.";
  return [
    `## ${entry}`,
    lead,
    wrap(links, " ·"),
    ...names.map((name) => `### ${name}\n\n${section(declarations.get(name))}`),
  ]
    .filter(Boolean)
    .join("\n\n");
}

const anchor = (heading) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, "")
    .replaceAll(" ", "-");

/** Joins texts to lines of at most 120 characters. */
function wrap(texts, separator) {
  const lines = [];
  for (const [index, text] of texts.entries()) {
    const item = index === texts.length - 1 ? text : `${text}${separator}`;
    const longer = `${lines.at(-1)} ${item}`;
    if (lines.length > 0 && longer.length <= 120) lines[lines.length - 1] = longer;
    else lines.push(item);
  }
  return lines.join("\n");
}

const page = `${[
  "<!-- Written by `cargo xtask docs` from the declarations of the package. -->",
  "# API reference",
  "Every name that the package exports. Editors show the same texts. The [guides](../README.md#first-score-in-five-minutes)\nexplain how the parts work together.",
  ENTRIES.map(([entry]) => `- [${entry}](#${anchor(entry)})`).join("\n"),
  ...ENTRIES.map(entrySection),
].join("\n\n")}\n`;

if (!process.argv.includes("--check")) writeFileSync(path(FILE), page);
else if (readFileSync(path(FILE), "utf8") !== page)
  throw new Error(`${FILE} differs from the declarations; run \`cargo xtask docs\``);
