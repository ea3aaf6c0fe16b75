//! Shortens the names of imports and exports in a module and its glue. wasm-bindgen's names are
//! long and end in hashes, which do not compress, and a page downloads each name twice.
//!
//! Saves 2,088 B of the inlined core and 1,106 B of its glue (brotli).
//!
//! Binaryen's pass `minify-imports-and-exports` (v132) does it less well: with it, the core is 96 B
//! larger if it runs before `-Oz` and 515 B if it runs after, and the glue 16 B smaller (brotli).
//! With `--converge`, the pass prints one mapping per iteration, so that it needs a run of its own.
//! The pass also renames only imports from `env`, renames `memory`, and does not change the glue.

use std::collections::HashMap;

use walrus::Module;

/// Shortens the names of imports and exports in the module `name`. Returns the glue with the same
/// names.
///
/// A module and the glue of another version must not start together. The long names ensured that.
/// Now a hash of them does, as the name of the module from which all functions are imported.
pub fn minify(module: &mut Module, name: &str, js: &str) -> String {
    // The module name under which wasm-bindgen imports functions of the glue.
    let glue = format!("./{name}_bg.js");
    let mut names = Names::default();
    let mut version = Fnv::default();
    for import in module.imports.iter_mut() {
        version.add(&import.module);
        version.add(&import.name);
        if import.module == glue {
            import.name = names.minify_import(&import.name);
        }
    }
    for export in module.exports.iter_mut() {
        version.add(&export.name);
        // Tools look for this name.
        if export.name != "memory" {
            export.name = names.minify_export(&export.name);
        }
    }
    let version = format!("{:08x}", version.0 as u32);
    for import in module.imports.iter_mut() {
        if import.module == glue {
            import.module.clone_from(&version);
        }
    }
    names
        .rename_in_glue(js)
        .replace(&format!("\"{glue}\""), &format!("\"{version}\""))
}

#[derive(Default)]
struct Names {
    imports: HashMap<String, String>,
    exports: HashMap<String, String>,
}

impl Names {
    fn minify_import(&mut self, name: &str) -> String {
        let next = nth_name(self.imports.len());
        self.imports.entry(name.to_owned()).or_insert(next).clone()
    }

    fn minify_export(&mut self, name: &str) -> String {
        let next = nth_name(self.exports.len());
        self.exports.entry(name.to_owned()).or_insert(next).clone()
    }

    /// Replaces the names in the glue. Imports occur there as keys of an object only, and exports
    /// as members of `wasm` only.
    fn rename_in_glue(&self, js: &str) -> String {
        let mut result = String::with_capacity(js.len());
        let mut rest = js;
        while let Some(start) = rest.find(is_part_of_name) {
            let (before, from) = rest.split_at(start);
            result.push_str(before);
            let end = from.find(|c| !is_part_of_name(c)).unwrap_or(from.len());
            let (name, after) = from.split_at(end);
            let is_member_of_wasm = result.ends_with("wasm.") && !result.ends_with("_wasm.");
            let known = match is_member_of_wasm {
                true => self.exports.get(name),
                false if after.starts_with(':') => self.imports.get(name),
                false => None,
            };
            result.push_str(known.map_or(name, String::as_str));
            rest = after;
        }
        result.push_str(rest);
        result
    }
}

fn is_part_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '$')
}

/// Returns the name with this index in `a`, `b` … `Z`, `aa`, `ab` …
fn nth_name(mut number: usize) -> String {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut name = String::new();
    loop {
        name.insert(0, LETTERS[number % LETTERS.len()] as char);
        if number < LETTERS.len() {
            return name;
        }
        number = number / LETTERS.len() - 1;
    }
}

/// An [FNV-1a](http://www.isthe.com/chongo/tech/comp/fnv/) hash, which is the same on every
/// machine.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Names, nth_name};

    #[test]
    fn names_are_short_and_all_different() {
        assert_eq!(
            [0, 1, 51, 52, 53, 2755].map(nth_name),
            ["a", "b", "Z", "aa", "ab", "ZZ"]
        );
        let names: std::collections::HashSet<_> = (0..5000).map(nth_name).collect();
        assert_eq!(names.len(), 5000);
    }

    #[test]
    fn the_glue_gets_the_same_names() {
        let mut names = Names::default();
        names.minify_import("__wbg_get_0f");
        names.minify_export("client_call");
        let glue = "const x = { __wbg_get_0f: function(client_call) {} };\n\
                    wasm.client_call(__wbg_get_0f); other_wasm.client_call();";
        assert_eq!(
            names.rename_in_glue(glue),
            "const x = { a: function(client_call) {} };\n\
             wasm.a(__wbg_get_0f); other_wasm.client_call();"
        );
    }
}
