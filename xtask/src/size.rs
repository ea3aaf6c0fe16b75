//! What the package costs to download.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::piece::PIECES;

/// Bytes as shipped and as a server would send them.
#[derive(Clone, Copy, Default)]
struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// What is loaded together, and therefore compared with a budget together.
const DEFERRED: &str = "wasm/";
/// What only the default entry loads.
const ONLY_DEFAULT: [&str; 3] = ["index.js", "load.js", "wasm/inline.js"];
/// What only `thetaone-web/external` loads.
const ONLY_EXTERNAL: [&str; 3] = ["external.js", "source.js", "core_bg.wasm"];
/// What no page loads: the tests of pages, and service workers.
const APART: [&str; 2] = ["testing", "service-worker"];
/// The core's list of what else there is.
const LIST: &str = "platform.js";
/// What is on that list and holds no wasm, with what only it loads, and who loads it.
const SCRIPTS: &[(&str, &str)] = &[
    ("recorder", "record()"),
    ("worklet", "capture: pcm"),
    ("tabs", "shareAcrossTabs"),
    ("long", "transcribeLong"),
    ("outbox", "outbox"),
    ("references", "references"),
    ("store", "outbox, references"),
    ("lock", "outbox, references"),
    ("notice", "outbox, references"),
];

/// Prints the table for a built package.
pub fn print(package: &Path) -> Result<()> {
    let mut files = BTreeSet::new();
    collect(package, "", &mut files)?;
    files.retain(|name| !APART.iter().any(|apart| is_of(apart, name)));
    let files = files
        .into_iter()
        .map(|name| {
            let size = measure(&fs::read(package.join(&name))?)?;
            Ok((name, size))
        })
        .collect::<Result<Vec<_>>>()?;

    println!(
        "\n{:<34}{:>10}{:>10}{:>10}",
        "file", "raw", "gzip", "brotli"
    );
    for (name, size) in &files {
        row(name, *size);
    }
    println!();
    let sum = |wanted: &dyn Fn(&str) -> bool| {
        let chosen = files.iter().filter(|(name, _)| wanted(name));
        chosen.fold(Size::default(), |sum, (_, size)| Size {
            raw: sum.raw + size.raw,
            gzip: sum.gzip + size.gzip,
            brotli: sum.brotli + size.brotli,
        })
    };
    let extras = || PIECES.iter().filter(|piece| piece.loaded_for().is_some());
    let is_extra = |name: &str| {
        extras().any(|piece| piece.holds(name))
            || SCRIPTS.iter().any(|(script, _)| is_of(script, name))
    };
    row(
        "before the first call",
        sum(&|name| {
            !name.starts_with(DEFERRED)
                && name != LIST
                && !is_extra(name)
                && !ONLY_EXTERNAL.contains(&name)
        }),
    );
    row(
        "all, wasm inlined (the default)",
        sum(&|name| !ONLY_EXTERNAL.contains(&name) && !is_extra(name)),
    );
    row(
        "all, wasm served as a file",
        sum(&|name| !ONLY_DEFAULT.contains(&name) && !is_extra(name)),
    );
    for piece in extras() {
        let who = piece.loaded_for().unwrap_or_default();
        row(&format!("only for {who}"), sum(&|name| piece.holds(name)));
    }
    for (script, who) in SCRIPTS {
        row(&format!("only for {who}"), sum(&|name| is_of(script, name)));
    }
    println!(
        "\nCode only (.js and .wasm), each file compressed by itself (gzip 9, brotli 11) and not minified."
    );
    Ok(())
}

/// Whether the file is this script, or lies in the folder beside it.
fn is_of(script: &str, name: &str) -> bool {
    let rest = name.strip_prefix(script);
    rest.is_some_and(|rest| rest == ".js" || rest.starts_with('/'))
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
