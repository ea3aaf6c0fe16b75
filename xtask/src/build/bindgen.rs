//! Runs wasm-bindgen and joins its glue to the package's own modules.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::build::{minify_names, snip_panics};

/// What wasm-bindgen made of a compiled crate.
pub struct Glue {
    /// The JavaScript side, importing the package's own modules.
    pub js: String,
    /// The wasm module's file, not yet optimised.
    pub wasm: PathBuf,
    /// The glue's TypeScript declarations.
    pub declarations: String,
}

/// Turns compiled wasm into glue and module, called `name`.
///
/// `sources` is the folder whose modules Rust binds as local snippets, and
/// `scratch` one that may be overwritten.
pub fn generate(wasm: &Path, name: &str, sources: &Path, scratch: &Path) -> Result<Glue> {
    let mut output = Bindgen::new()
        .input_path(wasm)
        .out_name(name)
        .web(true)?
        .omit_default_module_path(true)
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .with_context(|| format!("wasm-bindgen rejected the compiled {name}"))?;
    for (owner, inline) in output.snippets() {
        ensure!(
            inline.is_empty(),
            "{owner} brings inline JavaScript, for which the package has no place"
        );
    }
    let mut expected = BTreeSet::new();
    for (snippet, content) in output.local_modules() {
        let module = own_module(snippet)?;
        let source = fs::read_to_string(sources.join(module))
            .with_context(|| format!("Rust binds `{module}`, which the package does not have"))?;
        ensure!(
            *content == source,
            "the compiled {name} holds an older `{module}`"
        );
        expected.insert(module.to_owned());
    }
    // The module asks for the same names as the glue offers, so they change in
    // both.
    for import in output.wasm_mut().imports.iter_mut() {
        import.module = rewrite(&import.module)?.0;
    }
    // The other pieces hold crates that tell errors by it.
    snip_panics::silence_panics(output.wasm_mut(), name == "core")?;
    snip_panics::forget_locations(output.wasm_mut());
    output.emit(scratch)?;
    let (js, rewritten) = rewrite(&fs::read_to_string(scratch.join(format!("{name}.js")))?)?;
    ensure!(
        rewritten == expected,
        "the glue imports {rewritten:?} but Rust binds {expected:?}"
    );
    let mut own = BTreeMap::new();
    for import in output.wasm_mut().imports.iter_mut() {
        if import.module.starts_with("../") {
            let alias = format!("own_{}", import.name);
            let made_by = own.insert(alias.clone(), (import.module.clone(), import.name.clone()));
            ensure!(
                made_by.is_none_or(|(module, _)| module == import.module),
                "two modules of the package export `{}` to the wasm",
                import.name
            );
            import.module = format!("./{name}_bg.js");
            import.name = alias;
        }
    }
    let js = with_codecs(&without_unused(&by_name(&js, &own)?));
    let js = minify_names::shorten(output.wasm_mut(), name, &js);
    let wasm = scratch.join(format!("{name}_bg.wasm"));
    fs::write(&wasm, output.wasm_mut().emit_wasm())?;
    // The glue has no members by this symbol; see `without_unused`.
    let declarations = fs::read_to_string(scratch.join(format!("{name}.d.ts")))?
        .replace("    [Symbol.dispose](): void;\n", "");
    Ok(Glue {
        js,
        wasm,
        declarations,
    })
}

/// Points paths of snippet copies at the package's own modules, so that one
/// set of error classes exists; gives the names of the modules too.
fn rewrite(js: &str) -> Result<(String, BTreeSet<String>)> {
    const COPIES: &str = "./snippets/";
    let mut pieces = js.split(COPIES);
    let mut result = pieces.next().unwrap_or_default().to_owned();
    let mut names = BTreeSet::new();
    for piece in pieces {
        let end = piece.find(['"', '\'']).unwrap_or(piece.len());
        let (path, rest) = piece.split_at(end);
        let name = own_module(path)?;
        names.insert(name.to_owned());
        result.push_str("../");
        result.push_str(name);
        result.push_str(rest);
    }
    ensure!(
        !result.contains("snippets/"),
        "the glue still names a snippet"
    );
    Ok((result, names))
}

/// Takes the text codecs from Node where the globals lack them, as Jest's jsdom does.
fn with_codecs(js: &str) -> String {
    // The other pieces have no binding to what finds Node.
    if !js.contains("../client/untrusted-values.js") {
        return js.to_owned();
    }
    let mut result = String::from("import { nodeModule } from '../client/untrusted-values.js';\n");
    result.push_str(js);
    for codec in ["TextDecoder", "TextEncoder"] {
        let found = format!("new (globalThis.{codec} ?? nodeModule(\"util\").{codec})(");
        result = result.replace(&format!("new {codec}("), &found);
    }
    result
}

/// Imports what the wasm takes from the package's modules by name. wasm-bindgen (0.2.130)
/// imports the whole module instead, once for each function that needs no glue: bundlers
/// then keep all that the module exports.
///
/// `own` is the module and the name there of each function, by its name in the wasm.
fn by_name(js: &str, own: &BTreeMap<String, (String, String)>) -> Result<String> {
    let mut result = String::with_capacity(js.len());
    let mut members = String::new();
    for (alias, (module, name)) in own {
        result.push_str(&format!(
            "import {{ {name} as {alias} }} from \"{module}\";\n"
        ));
        members.push_str(&format!("        {alias}: {alias},\n"));
    }
    for line in js.lines() {
        let is_module = line.starts_with("import * as import") && line.contains("\"../")
            || line.trim_start().starts_with("\"../") && line.contains("\": import");
        if !is_module {
            result.push_str(line);
            result.push('\n');
        }
    }
    const FIRST: &str = "const import0 = {\n        __proto__: null,\n";
    ensure!(
        own.is_empty() || result.contains(FIRST),
        "the glue has no object of imports"
    );
    ensure!(
        !result.contains("import * as"),
        "the glue imports a whole module"
    );
    Ok(result.replacen(FIRST, &format!("{FIRST}{members}"), 1))
}

/// Drops the parts of the glue that nothing in the package reaches: handles are freed by name, and
/// the module is passed in an object, compiled, as bytes or as a response of the type of wasm.
fn without_unused(js: &str) -> String {
    // The last points at declarations, which are not published.
    const DROPPED: [&str; 3] = [
        "if (Symbol.dispose) ",
        "console.warn(",
        "/* @ts-self-types=",
    ];
    let mut result = String::with_capacity(js.len());
    let mut lines = js.lines();
    while let Some(line) = lines.next() {
        let code = line.trim_start();
        if code.starts_with("if (typeof module_or_path === 'string' ") {
            lines.find(|inner| inner.trim() == "}");
        } else if code.starts_with("const validResponse = ") {
            lines.find(|inner| inner.contains("throw e;"));
            result.push_str("throw e;\n");
        } else if line == "    function expectedResponseType(type) {" {
            lines.find(|inner| *inner == "    }");
        } else if !DROPPED.iter().any(|start| code.starts_with(start)) {
            result.push_str(line);
            result.push('\n');
        }
    }
    result
}

/// `thetaone-web-<hash>/pkg-template/exports.js` is the package's `exports.js`.
fn own_module(snippet: &str) -> Result<&str> {
    match snippet.split_once("/pkg-template/") {
        Some((owner, name)) if owner.starts_with("thetaone-web-") && !owner.contains('/') => {
            Ok(name)
        }
        _ => bail!("the glue imports `{snippet}`, which is not one of the package's own modules"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{by_name, rewrite, with_codecs, without_unused};

    #[test]
    fn codecs_come_from_node_where_the_globals_lack_them() {
        let glue = "import * as import1 from \"../client/untrusted-values.js\"\nlet d = new TextDecoder('utf-8');\n";
        let js = with_codecs(glue);
        assert!(js.starts_with("import { nodeModule } from '../client/untrusted-values.js';\n"));
        assert!(js.contains(
            "let d = new (globalThis.TextDecoder ?? nodeModule(\"util\").TextDecoder)('utf-8');"
        ));
        assert_eq!(with_codecs("new TextDecoder()"), "new TextDecoder()");
    }

    #[test]
    fn functions_of_the_package_are_imported_by_name() {
        let glue = "import * as import1 from \"../a.js\"\nimport * as import2 from \"../a.js\"\n    \
                    const import0 = {\n        __proto__: null,\n        x: 1,\n    };\n        \
                    \"./core_bg.js\": import0,\n        \"../a.js\": import1,\n        \
                    \"../a.js\": import2,\n";
        let own = BTreeMap::from([(
            "own_isIt".to_owned(),
            ("../a.js".to_owned(), "isIt".to_owned()),
        )]);
        assert_eq!(
            by_name(glue, &own).unwrap(),
            "import { isIt as own_isIt } from \"../a.js\";\n    \
             const import0 = {\n        __proto__: null,\n        own_isIt: own_isIt,\n        \
             x: 1,\n    };\n        \"./core_bg.js\": import0,\n"
        );
        assert!(by_name("no object", &own).is_err());
        assert!(by_name("import * as import1 from \"elsewhere\"", &BTreeMap::new()).is_err());
    }

    #[test]
    fn what_nothing_calls_is_dropped() {
        let glue = "/* @ts-self-types=\"./a.d.ts\" */\nclass A {}\nif (Symbol.dispose) A.prototype[Symbol.dispose] = A.prototype.free;\n\
                    if (a) {\n} else {\n    console.warn('using it so is deprecated')\n}\n    \
                    if (typeof module_or_path === 'string' || b) {\n        c();\n    }\nd();\n\
                    } catch (e) {\n    const validResponse = f();\n    if (validResponse) {\n    \
                    } else { throw e; }\n}\n    \
                    function expectedResponseType(type) {\n        if (a) {\n        }\n    }\n}\n";
        assert_eq!(
            without_unused(glue),
            "class A {}\nif (a) {\n} else {\n}\nd();\n} catch (e) {\nthrow e;\n}\n}\n"
        );
    }

    #[test]
    fn imports_point_at_the_packages_modules() {
        let glue = "import { a } from './snippets/thetaone-web-0f/pkg-template/errors.js';\n\
                    import * as b from \"./snippets/thetaone-web-0f/pkg-template/take.js\";\nx();";
        let (js, names) = rewrite(glue).unwrap();
        assert_eq!(
            js,
            "import { a } from '../errors.js';\nimport * as b from \"../take.js\";\nx();"
        );
        assert_eq!(
            names.into_iter().collect::<Vec<_>>(),
            ["errors.js", "take.js"]
        );
    }

    #[test]
    fn snippets_of_other_crates_are_refused() {
        assert!(rewrite("import './snippets/other-12/pkg-template/x.js';").is_err());
        assert!(rewrite("import './snippets/thetaone-web-12/src/x.js';").is_err());
    }
}
