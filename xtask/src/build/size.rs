//! What the package costs to download.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::build::wasm_module::PIECES;

/// Bytes as shipped and as a server would send them.
#[derive(Clone, Copy, Default)]
struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// What no page loads: the tests of pages, and service workers.
const APART: [&str; 2] = ["testing", "service-worker"];
/// What a page loads, by what it begins with.
const LOADED: &[(&str, &[&str])] = &[
    ("before the first call", &["index.js"]),
    (
        "all, wasm inlined (the default)",
        &["index.js", "loading/runtime.js", "wasm/inline.js"],
    ),
    (
        "all, wasm served as a file",
        &["external.js", "core_bg.wasm"],
    ),
];
/// What is fetched on top of that, and by whom.
const FETCHED: &[(&str, &str)] = &[
    ("record/capture-worklet.js", "capture: pcm"),
    ("result/find-keys.js", "apiKey"),
    ("upload/cross-tab-limiter.js", "shareAcrossTabs"),
    ("transcribe-long/index.js", "transcribeLong"),
    ("outbox/index.js", "outbox"),
    ("references/index.js", "references"),
];

/// Prints the table for a built package.
pub fn print(package: &Path) -> Result<()> {
    let mut files = BTreeSet::new();
    collect(package, "", &mut files)?;
    files.retain(|name| !APART.iter().any(|apart| name.starts_with(apart)));
    let sizes = files
        .into_iter()
        .map(|name| {
            let size = measure(&fs::read(package.join(&name))?)?;
            Ok((name, size))
        })
        .collect::<Result<BTreeMap<_, _>>>()?;

    println!(
        "\n{:<34}{:>10}{:>10}{:>10}",
        "file", "raw", "gzip", "brotli"
    );
    for (name, size) in &sizes {
        row(name, *size);
    }
    println!();
    let sum = |names: &BTreeSet<String>| {
        let chosen = sizes.iter().filter(|(name, _)| names.contains(*name));
        chosen.fold(Size::default(), |sum, (_, size)| Size {
            raw: sum.raw + size.raw,
            gzip: sum.gzip + size.gzip,
            brotli: sum.brotli + size.brotli,
        })
    };
    let mut all = BTreeSet::new();
    for (what, entries) in LOADED {
        let names = imported(package, entries)?;
        row(what, sum(&names));
        all.extend(names);
    }
    for (script, who) in FETCHED {
        let names = imported(package, &[script])?;
        let more = names.difference(&all).cloned().collect();
        row(&format!("only for {who}"), sum(&more));
    }
    for piece in PIECES {
        if let Some(who) = piece.loaded_for() {
            let names = sizes.keys().filter(|name| piece.holds(name));
            row(&format!("only for {who}"), sum(&names.cloned().collect()));
        }
    }
    println!(
        "\nCode only (.js and .wasm), each file compressed by itself (gzip 9, brotli 11) and not minified."
    );
    Ok(())
}

/// These files of the package, and what they import before they run.
fn imported(package: &Path, entries: &[&str]) -> Result<BTreeSet<String>> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut asked: Vec<String> = entries.iter().map(|&name| name.to_owned()).collect();
    while let Some(name) = asked.pop() {
        if name.ends_with(".js") {
            let script = fs::read_to_string(package.join(&name))?;
            let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            let imports = script.lines().filter_map(import_in);
            asked.extend(
                imports
                    .map(|path| resolved(folder, path))
                    .filter(|name| !names.contains(name)),
            );
        }
        names.insert(name);
    }
    Ok(names)
}

/// What a line imports, or exports anew.
fn import_in(line: &str) -> Option<&str> {
    let is_one = ["import ", "export ", "} from "]
        .iter()
        .any(|start| line.starts_with(start));
    let (_, quoted) = line.rsplit_once("from ").filter(|_| is_one)?;
    let path = quoted.trim_end_matches(';').strip_prefix(['"', '\''])?;
    path.strip_suffix(['"', '\''])
}

fn resolved(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn row(name: &str, size: Size) {
    println!(
        "{name:<34}{:>10}{:>10}{:>10}",
        size.raw, size.gzip, size.brotli
    );
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeSet<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().display());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else if name.ends_with(".js") || name.ends_with(".wasm") {
            files.insert(name);
        }
    }
    Ok(())
}

fn measure(content: &[u8]) -> Result<Size> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(content)?;
    let mut brotli = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams::default();
    brotli::BrotliCompress(&mut &*content, &mut brotli, &parameters)
        .context("brotli could not compress")?;
    Ok(Size {
        raw: content.len(),
        gzip: gzip.finish()?.len(),
        brotli: brotli.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::{import_in, resolved};

    #[test]
    fn imports_are_found_and_resolved() {
        assert_eq!(import_in("import { a } from \"./b.js\";"), Some("./b.js"));
        assert_eq!(import_in("export * from './c.js'"), Some("./c.js"));
        assert_eq!(import_in("const a = await import(\"./d.js\");"), None);
        assert_eq!(import_in("export const from = 1;"), None);
        assert_eq!(resolved("wasm", "../errors.js"), "errors.js");
        assert_eq!(resolved("", "./long/parts.js"), "long/parts.js");
    }
}
