//! The wasm modules of the package: compiled, shrunk, and put into JavaScript.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::build::{bindgen, js_types};
use crate::setup::{node, rust};
use crate::{cache, process, project};

/// A wasm module of the package, with its glue.
pub struct Piece {
    crate_name: &'static str,
    /// What its glue and its module are called.
    name: &'static str,
    /// The script that holds the module as text.
    inline: &'static str,
    /// Whether the module is a file of its own at the top of the package, too.
    served: bool,
    /// Who loads it beside the core; `None` for the core.
    loaded_for: Option<&'static str>,
}

/// All of them. What a page loads together is one piece.
pub const PIECES: &[Piece] = &[
    Piece {
        crate_name: "thetaone-web",
        name: "core",
        inline: "inline.js",
        served: true,
        loaded_for: None,
    },
    // Only few pages ask for the others; second copies would only make the
    // package larger.
    Piece {
        crate_name: "thetaone-web-mp3",
        name: "mp3",
        inline: "mp3-inline.js",
        served: false,
        loaded_for: Some("format: mp3"),
    },
    Piece {
        crate_name: "thetaone-web-demux",
        name: "demux",
        inline: "demux-inline.js",
        served: false,
        loaded_for: Some("decoding files and long recordings"),
    },
];

/// What every browser with wasm SIMD has had for years, named one by one:
/// `--all-features` makes wasm-opt emit imports that Chromium rejects.
const WASM_FEATURES: &[&str] = &[
    "bulk-memory",
    "bulk-memory-opt",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
    "simd",
];

impl Piece {
    /// The crate that it is compiled from.
    pub fn crate_name(&self) -> &'static str {
        self.crate_name
    }

    /// Who loads it beside the core; `None` for the core.
    pub fn loaded_for(&self) -> Option<&'static str> {
        self.loaded_for
    }

    /// Whether a file of the package is the piece's glue, its inlined wasm or
    /// the module that loads them.
    pub fn holds(&self, file: &str) -> bool {
        let file = file.strip_prefix("wasm/").unwrap_or(file);
        file == self.inline || file == format!("{}.js", self.name)
    }

    /// Compiles the crate; gives the wasm file.
    pub fn compile(&self) -> Result<PathBuf> {
        rust::build_wasm(self.crate_name)
    }

    /// Writes what the package needs of the `compiled` piece into `package`.
    ///
    /// `sources` holds the package's own modules, and `scratch` may be
    /// overwritten.
    pub fn write(
        &self,
        compiled: &Path,
        sources: &Path,
        scratch: &Path,
        package: &Path,
    ) -> Result<()> {
        let folder = package.join("wasm");
        fs::create_dir_all(&folder)?;
        let glue = bindgen::generate(compiled, self.name, sources, scratch)?;
        fs::write(folder.join(format!("{}.js", self.name)), glue.js)?;
        let types = format!("wasm/{}.d.ts", self.name);
        js_types::write(&types, &glue.declarations)?;
        let inline_types = format!("wasm/{}", self.inline.replace(".js", ".d.ts"));
        js_types::write(&inline_types, js_types::INLINED_WASM)?;
        let optimised = scratch.join(format!("{}_optimised.wasm", self.name));
        // It takes a minute, and most changes are to other pieces.
        let done = format!("{}-optimised", self.name);
        if !optimised.exists() {
            cache::forget(&done)?;
        }
        let inputs = [
            glue.wasm.clone(),
            project::path("xtask/package-lock.json"),
            project::path(file!()),
        ];
        cache::once(&done, &inputs, || optimise(&glue.wasm, &optimised))?;
        let module = fs::read(&optimised).context("wasm-opt wrote no module")?;
        if self.served {
            // Where the address that users import names a file: Parcel reads no
            // `exports`.
            fs::write(package.join(format!("{}_bg.wasm", self.name)), &module)?;
        }
        // Servers compress base64 badly: of what was compressed before, they send
        // a quarter less. It takes seconds, and says nothing new of the same module.
        let inline = folder.join(self.inline);
        let packed = scratch.join(format!("{}_packed.gz", self.name));
        let done = format!("{}-packed", self.name);
        if !packed.exists() {
            cache::forget(&done)?;
        }
        cache::once(&done, &[optimised, project::path(file!())], || {
            let mut bytes = Vec::new();
            zopfli::compress(
                zopfli::Options::default(),
                zopfli::Format::Gzip,
                &module[..],
                &mut bytes,
            )?;
            Ok(fs::write(&packed, bytes)?)
        })?;
        let text = STANDARD.encode(fs::read(packed)?);
        Ok(fs::write(inline, format!("export default \"{text}\";\n"))?)
    }
}

/// Shrinks a module with wasm-opt.
fn optimise(source: &Path, target: &Path) -> Result<()> {
    process::run_quietly(
        node::node("xtask")?
            .arg("node_modules/binaryen/bin/wasm-opt")
            .args([
                "-Oz",
                "--converge",
                // Nothing lies below 1 kB but the end of a stack of 1 MB.
                "--low-memory-unused",
                // Larger ones are left where they are: it makes the module larger, and
                // what servers send of it smaller.
                "--one-caller-inline-max-function-size=30",
                "--strip-debug",
                "--strip-producers",
                "--strip-target-features",
            ])
            .arg("--mvp-features")
            .args(WASM_FEATURES.iter().map(|name| format!("--enable-{name}")))
            .arg(source)
            .arg("--output")
            .arg(target),
    )
}
