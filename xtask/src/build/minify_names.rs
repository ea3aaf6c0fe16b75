//! Short names between a module and its glue. Those of wasm-bindgen are long, and
//! end in hashes, which no compression makes shorter; pages download each twice.

use std::collections::HashMap;

use walrus::Module;

/// Shortens the names of imports and exports in the module called `name`; gives the
/// glue that has the same.
///
/// The long names told a module from one of another version, which would not
/// start. Now that is done by the name under which all of them are imported.
pub fn shorten(module: &mut Module, name: &str, js: &str) -> String {
    // What wasm-bindgen calls the imports that its glue makes.
    let glue = format!("./{name}_bg.js");
    let mut names = Names::default();
    let mut version = Fnv::default();
    for import in module.imports.iter_mut() {
        version.add(&import.module);
        version.add(&import.name);
        if import.module == glue {
            import.name = names.imported(&import.name);
        }
    }
    for export in module.exports.iter_mut() {
        version.add(&export.name);
        // Under this name, tools look for it.
        if export.name != "memory" {
            export.name = names.exported(&export.name);
        }
    }
    let version = format!("{:08x}", version.0 as u32);
    for import in module.imports.iter_mut() {
        if import.module == glue {
            import.module.clone_from(&version);
        }
    }
    names
        .in_glue(js)
        .replace(&format!("\"{glue}\""), &format!("\"{version}\""))
}

#[derive(Default)]
struct Names {
    imports: HashMap<String, String>,
    exports: HashMap<String, String>,
}

impl Names {
    fn imported(&mut self, name: &str) -> String {
        let next = short(self.imports.len());
        self.imports.entry(name.to_owned()).or_insert(next).clone()
    }

    fn exported(&mut self, name: &str) -> String {
        let next = short(self.exports.len());
        self.exports.entry(name.to_owned()).or_insert(next).clone()
    }

    /// Imports are members of an object in the glue, and called so nowhere else;
    /// exports are members of `wasm`.
    fn in_glue(&self, js: &str) -> String {
        let mut result = String::with_capacity(js.len());
        let mut rest = js;
        while let Some(start) = rest.find(is_part_of_name) {
            let (before, from) = rest.split_at(start);
            result.push_str(before);
            let end = from.find(|c| !is_part_of_name(c)).unwrap_or(from.len());
            let (name, behind) = from.split_at(end);
            let is_member_of_wasm = result.ends_with("wasm.") && !result.ends_with("_wasm.");
            let known = match is_member_of_wasm {
                true => self.exports.get(name),
                false if behind.starts_with(':') => self.imports.get(name),
                false => None,
            };
            result.push_str(known.map_or(name, String::as_str));
            rest = behind;
        }
        result.push_str(rest);
        result
    }
}

fn is_part_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '$')
}

/// `a`, `b` … `Z`, `aa`, `ab` …
fn short(mut number: usize) -> String {
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

/// [FNV-1a](http://www.isthe.com/chongo/tech/comp/fnv/): the same on every machine.
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
    use super::{Names, short};

    #[test]
    fn names_are_short_and_all_different() {
        assert_eq!(
            [0, 1, 51, 52, 53, 2755].map(short),
            ["a", "b", "Z", "aa", "ab", "ZZ"]
        );
        let names: std::collections::HashSet<_> = (0..5000).map(short).collect();
        assert_eq!(names.len(), 5000);
    }

    #[test]
    fn the_glue_gets_the_same_names() {
        let mut names = Names::default();
        names.imported("__wbg_get_0f");
        names.exported("client_call");
        let glue = "const x = { __wbg_get_0f: function(client_call) {} };\n\
                    wasm.client_call(__wbg_get_0f); other_wasm.client_call();";
        assert_eq!(
            names.in_glue(glue),
            "const x = { a: function(client_call) {} };\n\
             wasm.a(__wbg_get_0f); other_wasm.client_call();"
        );
    }
}
