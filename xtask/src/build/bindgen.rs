//! Runs wasm-bindgen, and connects its glue to the package's own modules.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::build::{minify_names, snip_panics};

/// The output of wasm-bindgen for a compiled crate.
pub struct Glue {
    /// The JavaScript glue, which imports the package's own modules.
    pub js: String,
    /// The file of the wasm module, which is not yet optimized.
    pub wasm: PathBuf,
    /// The glue's TypeScript declarations.
    pub declarations: String,
}

/// Generates the glue and the module `name` from compiled wasm.
///
/// `sources` is the folder whose modules Rust binds as local snippets. `scratch` is a folder for
/// intermediate files.
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
            "{owner} contains inline JavaScript, which the package does not support"
        );
    }
    let mut expected = BTreeSet::new();
    for (snippet, content) in output.local_modules() {
        let module = package_module(snippet)?;
        let source = fs::read_to_string(sources.join(module))
            .with_context(|| format!("Rust binds `{module}`, which the package does not have"))?;
        ensure!(
            *content == source,
            "the compiled {name} contains an older `{module}`"
        );
        expected.insert(module.to_owned());
    }
    // The module and the glue must use the same names.
    for import in output.wasm_mut().imports.iter_mut() {
        import.module = rewrite_snippet_paths(&import.module)?.0;
    }
    // The other modules contain crates that use debug formatting for errors.
    snip_panics::snip_panics(output.wasm_mut(), name == "core")?;
    snip_panics::zero_panic_locations(output.wasm_mut());
    output.emit(scratch)?;
    let (js, rewritten) =
        rewrite_snippet_paths(&fs::read_to_string(scratch.join(format!("{name}.js")))?)?;
    ensure!(
        rewritten == expected,
        "the glue imports {rewritten:?} but Rust binds {expected:?}"
    );
    let mut imports = BTreeMap::new();
    for import in output.wasm_mut().imports.iter_mut() {
        if import.module.starts_with("../") {
            let alias = format!("js_{}", import.name);
            let earlier =
                imports.insert(alias.clone(), (import.module.clone(), import.name.clone()));
            ensure!(
                earlier.is_none_or(|(module, _)| module == import.module),
                "two modules of the package export `{}` to the wasm",
                import.name
            );
            import.module = format!("./{name}_bg.js");
            import.name = alias;
        }
    }
    let js = with_node_text_codecs(&drop_unused(&import_by_name(&js, &imports)?));
    let js = minify_names::minify(output.wasm_mut(), name, &js);
    let wasm = scratch.join(format!("{name}_bg.wasm"));
    fs::write(&wasm, output.wasm_mut().emit_wasm())?;
    // The glue has no members by this symbol; see `drop_unused`.
    let declarations = fs::read_to_string(scratch.join(format!("{name}.d.ts")))?
        .replace("    [Symbol.dispose](): void;\n", "");
    Ok(Glue {
        js,
        wasm,
        declarations,
    })
}

/// Points the paths of snippet copies at the package's own modules, so that each class exists once.
/// Returns the names of these modules as well.
fn rewrite_snippet_paths(js: &str) -> Result<(String, BTreeSet<String>)> {
    const COPIES: &str = "./snippets/";
    let mut parts = js.split(COPIES);
    let mut result = parts.next().unwrap_or_default().to_owned();
    let mut names = BTreeSet::new();
    for part in parts {
        let end = part.find(['"', '\'']).unwrap_or(part.len());
        let (path, rest) = part.split_at(end);
        let name = package_module(path)?;
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

/// Takes the text codecs from Node if the globals lack them, as in Jest's jsdom.
fn with_node_text_codecs(js: &str) -> String {
    // The other modules do not import `nodeModule`.
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

/// Imports functions of the package's modules by name. wasm-bindgen 0.2.130 imports the whole
/// module instead, once for each function without glue, so that bundlers keep all exports of the
/// module.
///
/// `imports` maps the name in the wasm to the module and the name there.
fn import_by_name(js: &str, imports: &BTreeMap<String, (String, String)>) -> Result<String> {
    let mut result = String::with_capacity(js.len());
    let mut members = String::new();
    for (alias, (module, name)) in imports {
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
        imports.is_empty() || result.contains(FIRST),
        "the glue has no object of imports"
    );
    ensure!(
        !result.contains("import * as"),
        "the glue imports a whole module"
    );
    Ok(result.replacen(FIRST, &format!("{FIRST}{members}"), 1))
}

/// Removes the parts of the glue that the package never calls. The package frees handles by name,
/// and passes the module in an object: compiled, as bytes, or as a response with the type of wasm.
fn drop_unused(js: &str) -> String {
    // The last of these points at declarations, which are not published.
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

/// Returns the name of the package's module for a snippet: `exports.js` for
/// `thetaone-web-<hash>/pkg-template/exports.js`.
fn package_module(snippet: &str) -> Result<&str> {
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

    use super::{drop_unused, import_by_name, rewrite_snippet_paths, with_node_text_codecs};

    #[test]
    fn codecs_come_from_node_if_the_globals_lack_them() {
        let glue = "import * as import1 from \"../client/untrusted-values.js\"\nlet d = new TextDecoder('utf-8');\n";
        let js = with_node_text_codecs(glue);
        assert!(js.starts_with("import { nodeModule } from '../client/untrusted-values.js';\n"));
        assert!(js.contains(
            "let d = new (globalThis.TextDecoder ?? nodeModule(\"util\").TextDecoder)('utf-8');"
        ));
        assert_eq!(
            with_node_text_codecs("new TextDecoder()"),
            "new TextDecoder()"
        );
    }

    #[test]
    fn functions_of_the_package_are_imported_by_name() {
        let glue = "import * as import1 from \"../a.js\"\nimport * as import2 from \"../a.js\"\n    \
                    const import0 = {\n        __proto__: null,\n        x: 1,\n    };\n        \
                    \"./core_bg.js\": import0,\n        \"../a.js\": import1,\n        \
                    \"../a.js\": import2,\n";
        let own = BTreeMap::from([(
            "js_isIt".to_owned(),
            ("../a.js".to_owned(), "isIt".to_owned()),
        )]);
        assert_eq!(
            import_by_name(glue, &own).unwrap(),
            "import { isIt as js_isIt } from \"../a.js\";\n    \
             const import0 = {\n        __proto__: null,\n        js_isIt: js_isIt,\n        \
             x: 1,\n    };\n        \"./core_bg.js\": import0,\n"
        );
        assert!(import_by_name("no object", &own).is_err());
        assert!(
            import_by_name("import * as import1 from \"elsewhere\"", &BTreeMap::new()).is_err()
        );
    }

    #[test]
    fn unused_parts_of_the_glue_are_removed() {
        let glue = "/* @ts-self-types=\"./a.d.ts\" */\nclass A {}\nif (Symbol.dispose) A.prototype[Symbol.dispose] = A.prototype.free;\n\
                    if (a) {\n} else {\n    console.warn('using it so is deprecated')\n}\n    \
                    if (typeof module_or_path === 'string' || b) {\n        c();\n    }\nd();\n\
                    } catch (e) {\n    const validResponse = f();\n    if (validResponse) {\n    \
                    } else { throw e; }\n}\n    \
                    function expectedResponseType(type) {\n        if (a) {\n        }\n    }\n}\n";
        assert_eq!(
            drop_unused(glue),
            "class A {}\nif (a) {\n} else {\n}\nd();\n} catch (e) {\nthrow e;\n}\n}\n"
        );
    }

    #[test]
    fn imports_point_at_the_packages_modules() {
        let glue = "import { a } from './snippets/thetaone-web-0f/pkg-template/errors.js';\n\
                    import * as b from \"./snippets/thetaone-web-0f/pkg-template/take.js\";\nx();";
        let (js, names) = rewrite_snippet_paths(glue).unwrap();
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
    fn snippets_of_other_crates_are_errors() {
        assert!(rewrite_snippet_paths("import './snippets/other-12/pkg-template/x.js';").is_err());
        assert!(rewrite_snippet_paths("import './snippets/thetaone-web-12/src/x.js';").is_err());
    }
}
