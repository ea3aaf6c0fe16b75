//! `cargo xtask size`: lists the download size of the package's files and features.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::build::wasm_module::WASM_MODULES;

/// A size in bytes: of the file, and compressed as a server would send it.
#[derive(Clone, Copy, Default)]
struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// The start of the names of files that no page loads: they are for tests and service workers.
const NOT_FOR_PAGES: [&str; 2] = ["testing", "service-worker"];
/// The loads of a page, with the files that each begins with.
const ALWAYS_LOADED: &[(&str, &[&str])] = &[
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
/// The files that a page loads on demand, each with the option or method that needs it.
const LOADED_ON_DEMAND: &[(&str, &str)] = &[
    ("elements.js", "elements"),
    ("elements/playback.js", "elements that play"),
    ("elements/waveform-drawing.js", "waveforms"),
    ("record/live-decoder.js", "record"),
    ("record/pcm-capture.js", "capture: pcm"),
    ("result/find-keys.js", "apiKey"),
    ("upload/cross-tab-limiter.js", "shareAcrossTabs"),
    ("transcribe-long/index.js", "transcribeLong"),
    ("outbox/index.js", "outbox"),
    ("references/index.js", "references"),
];

/// Prints the table for a built package.
pub fn print(package: &Path) -> Result<()> {
    let mut files = BTreeSet::new();
    collect_code_files(package, "", &mut files)?;
    files.retain(|name| !NOT_FOR_PAGES.iter().any(|prefix| name.starts_with(prefix)));
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
        print_row(name, *size);
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
    for (title, entries) in ALWAYS_LOADED {
        let names = import_closure(package, entries)?;
        print_row(title, sum(&names));
        all.extend(names);
    }
    for (script, feature) in LOADED_ON_DEMAND {
        let names = import_closure(package, &[script])?;
        let more = names.difference(&all).cloned().collect();
        print_row(&format!("only for {feature}"), sum(&more));
    }
    for module in WASM_MODULES {
        if let Some(features) = module.loaded_for() {
            let names = sizes.keys().filter(|name| module.includes(name));
            print_row(
                &format!("only for {features}"),
                sum(&names.cloned().collect()),
            );
        }
    }
    println!(
        "\nCode only (.js and .wasm), each file compressed by itself (gzip 9, brotli 11) and not minified."
    );
    Ok(())
}

/// Returns these files of the package, and all files that they import statically.
fn import_closure(package: &Path, entries: &[&str]) -> Result<BTreeSet<String>> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut queue: Vec<String> = entries.iter().map(|&name| name.to_owned()).collect();
    while let Some(name) = queue.pop() {
        if name.ends_with(".js") {
            let script = fs::read_to_string(package.join(&name))?;
            let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            let imports = script.lines().filter_map(imported_path);
            queue.extend(
                imports
                    .map(|path| resolve(folder, path))
                    .filter(|name| !names.contains(name)),
            );
        }
        names.insert(name);
    }
    Ok(names)
}

/// Returns the path that a line imports or re-exports from.
fn imported_path(line: &str) -> Option<&str> {
    let is_import = ["import ", "export ", "} from "]
        .iter()
        .any(|start| line.starts_with(start));
    let (_, quoted) = line.rsplit_once("from ").filter(|_| is_import)?;
    let path = quoted.trim_end_matches(';').strip_prefix(['"', '\''])?;
    path.strip_suffix(['"', '\''])
}

fn resolve(folder: &str, path: &str) -> String {
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

fn print_row(name: &str, size: Size) {
    println!(
        "{name:<34}{:>10}{:>10}{:>10}",
        size.raw, size.gzip, size.brotli
    );
}

fn collect_code_files(folder: &Path, prefix: &str, files: &mut BTreeSet<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().display());
        if entry.file_type()?.is_dir() {
            collect_code_files(&entry.path(), &format!("{name}/"), files)?;
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
    use super::{imported_path, resolve};

    #[test]
    fn imports_are_found_and_resolved() {
        assert_eq!(
            imported_path("import { a } from \"./b.js\";"),
            Some("./b.js")
        );
        assert_eq!(imported_path("export * from './c.js'"), Some("./c.js"));
        assert_eq!(imported_path("const a = await import(\"./d.js\");"), None);
        assert_eq!(imported_path("export const from = 1;"), None);
        assert_eq!(resolve("wasm", "../errors.js"), "errors.js");
        assert_eq!(resolve("", "./long/parts.js"), "long/parts.js");
    }
}
