//! No module of the SDK, of xtask or of the package's JavaScript imports itself, directly or
//! through others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The files that each file imports.
type Imports = BTreeMap<PathBuf, BTreeSet<PathBuf>>;

/// Asserts that no files of a folder of the repository import each other in a cycle.
fn assert_no_cycle(folder: &str, extension: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut sources = BTreeMap::new();
    read_folder(&root, extension, &mut sources);
    assert!(!sources.is_empty(), "{folder} holds no *.{extension}");
    let imports = match extension {
        "rs" => rust_imports(&root, &sources),
        _ => javascript_imports(&sources),
    };
    assert!(
        imports.values().any(|used| !used.is_empty()),
        "no import was read in {folder}"
    );
    assert_eq!(find_cycle(&imports), None);
}

fn read_folder(folder: &Path, extension: &str, sources: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_folder(&path, extension, sources);
        } else if path.extension().is_some_and(|found| found == extension) {
            sources.insert(path.clone(), fs::read_to_string(path).unwrap());
        }
    }
}

/// Returns the edges by `use crate::…` outside of unit tests.
fn rust_imports(root: &Path, sources: &BTreeMap<PathBuf, String>) -> Imports {
    let mut imports = Imports::new();
    for (path, source) in sources {
        let code = source.split("#[cfg(test)]\nmod tests").next();
        let statements = code.unwrap_or_default().split(';');
        let used = statements
            .filter_map(|statement| statement.split_once("use crate::"))
            .flat_map(|(_, names)| expand("", names))
            .filter_map(|name| module_file(root, &name, sources))
            .filter(|file| file != path);
        imports.insert(path.clone(), used.collect());
    }
    imports
}

/// Returns the paths of `a::{b, c::{d, e}}`: `a::b`, `a::c::d`, `a::c::e`.
fn expand(prefix: &str, names: &str) -> Vec<String> {
    let Some((start, rest)) = names.split_once('{') else {
        return vec![format!("{prefix}{}", names.trim())];
    };
    let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
    let prefix = format!("{prefix}{}", start.trim());
    let (mut depth, mut from, mut paths) = (0, 0, Vec::new());
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if let Some(name) = inner.get(from..at).filter(|name| !name.trim().is_empty()) {
                    paths.extend(expand(&prefix, name));
                }
                from = at + 1;
            }
            _ => {}
        }
    }
    paths
}

/// Returns the file of the module that `name`, a path below the crate, leads to.
fn module_file(root: &Path, name: &str, sources: &BTreeMap<PathBuf, String>) -> Option<PathBuf> {
    let mut parts: Vec<&str> = name.split("::").map(str::trim).collect();
    while !parts.is_empty() {
        let path = root.join(parts.join("/"));
        for file in [path.with_extension("rs"), path.join("mod.rs")] {
            if sources.contains_key(&file) {
                return Some(file);
            }
        }
        parts.pop();
    }
    None
}

/// Returns the edges by static `import` and `export … from`.
fn javascript_imports(sources: &BTreeMap<PathBuf, String>) -> Imports {
    let mut imports = Imports::new();
    for (path, source) in sources {
        let folder = path.parent().unwrap_or(path);
        let statements = source.split(';').map(str::trim);
        let used = statements
            .filter_map(|statement| statement.rsplit('\n').next().zip(Some(statement)))
            .filter(|(_, statement)| {
                let mut lines = statement.lines();
                lines.any(|line| line.starts_with("import ") || line.starts_with("export "))
            })
            .filter_map(|(last_line, _)| {
                let (_, name) = last_line
                    .split_once(" from \"")
                    .or_else(|| last_line.split_once("import \""))?;
                name.strip_suffix('"')
            })
            .filter(|name| name.starts_with('.'))
            .map(|name| normalized(&folder.join(name)));
        imports.insert(path.clone(), used.collect());
    }
    imports
}

/// Returns the path without `.` and `..`.
fn normalized(path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            other => whole.push(other),
        }
    }
    whole
}

/// Returns the files of one cycle, with the first again at the end.
fn find_cycle(imports: &Imports) -> Option<Vec<PathBuf>> {
    let mut finished = BTreeSet::new();
    imports
        .keys()
        .find_map(|start| visit(start, imports, &mut Vec::new(), &mut finished))
}

fn visit(
    file: &PathBuf,
    imports: &Imports,
    way: &mut Vec<PathBuf>,
    finished: &mut BTreeSet<PathBuf>,
) -> Option<Vec<PathBuf>> {
    if finished.contains(file) {
        return None;
    }
    if let Some(at) = way.iter().position(|seen| seen == file) {
        let mut cycle = way.split_off(at);
        cycle.push(file.clone());
        return Some(cycle);
    }
    way.push(file.clone());
    for next in imports.get(file).into_iter().flatten() {
        if let Some(cycle) = visit(next, imports, way, finished) {
            return Some(cycle);
        }
    }
    way.pop();
    finished.insert(file.clone());
    None
}

#[test]
fn modules_of_the_sdk_have_no_cycle() {
    assert_no_cycle("src", "rs");
}

#[test]
fn modules_of_xtask_have_no_cycle() {
    assert_no_cycle("xtask/src", "rs");
}

#[test]
fn scripts_of_the_package_have_no_cycle() {
    assert_no_cycle("pkg-template", "js");
}

fn sources(files: &[(&str, &str)]) -> BTreeMap<PathBuf, String> {
    let owned = |(path, source): &(&str, &str)| (PathBuf::from(path), (*source).to_owned());
    files.iter().map(owned).collect()
}

#[test]
fn a_cycle_of_rust_modules_is_found() {
    let files = sources(&[
        ("src/a.rs", "use crate::{b::{X,\n Y}, d};\nuse std::fmt;"),
        ("src/b/mod.rs", "pub use crate::c::Z;"),
        ("src/c.rs", "use crate::a::W;"),
        ("src/d.rs", ""),
    ]);
    let cycle = find_cycle(&rust_imports(Path::new("src"), &files));
    let expected = ["src/a.rs", "src/b/mod.rs", "src/c.rs", "src/a.rs"];
    assert_eq!(cycle, Some(expected.map(PathBuf::from).to_vec()));
}

#[test]
fn imports_in_unit_tests_do_not_count() {
    let files = sources(&[
        ("src/a.rs", "use crate::b::X;"),
        (
            "src/b.rs",
            "#[cfg(test)]\nmod tests {\n    use crate::a::Y;\n}",
        ),
    ]);
    assert_eq!(find_cycle(&rust_imports(Path::new("src"), &files)), None);
}

#[test]
fn a_cycle_of_scripts_is_found_and_dynamic_imports_do_not_count() {
    let files = [
        (
            "x/a.js",
            "// A.\nimport {\n  b,\n} from \"./sub/b.js\";\nb();",
        ),
        ("x/sub/b.js", "export * from \"../c.js\";"),
    ];
    let eager = ("x/c.js", "import \"./a.js\";");
    let lazy = ("x/c.js", "export const a = () => import(\"./a.js\");");
    let with = |last| javascript_imports(&sources(&[files[0], files[1], last]));
    let expected = ["x/a.js", "x/sub/b.js", "x/c.js", "x/a.js"];
    let cycle = find_cycle(&with(eager));
    assert_eq!(cycle, Some(expected.map(PathBuf::from).to_vec()));
    assert_eq!(find_cycle(&with(lazy)), None);
}
