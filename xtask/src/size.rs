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
/// What is loaded with the core, and by folder.
const WITH_CORE: [&str; 6] = [
    "audio.js",
    "audio/",
    "call.js",
    "failure.js",
    "patience.js",
    "platform.js",
];
/// What platform.js loads on demand and holds no wasm, and who asks for it.
const SCRIPTS: &[(&str, &str)] = &[
    ("worklet.js", "capture: pcm"),
    ("tabs.js", "shareAcrossTabs"),
];

/// Prints the table for a built package.
pub fn print(package: &Path) -> Result<()> {
    let mut files = BTreeSet::new();
    collect(package, "", &mut files)?;
    // For the tests of pages: no page downloads it.
    files.retain(|name| !name.starts_with("testing"));
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
        extras().any(|piece| piece.holds(name)) || SCRIPTS.iter().any(|(script, _)| *script == name)
    };
    row(
        "before the first call",
        sum(&|name| {
            !name.starts_with(DEFERRED)
                && !WITH_CORE.iter().any(|part| name.starts_with(part))
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
        row(&format!("only for {who}"), sum(&|name| name == *script));
    }
    println!(
        "\nCode only (.js and .wasm), each file compressed by itself (gzip 9, brotli 11) and not minified."
    );
    Ok(())
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
