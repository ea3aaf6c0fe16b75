//! Compiles and optimizes the wasm modules of the package, and inlines them into JavaScript.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::build::{bindgen, js_types};
use crate::setup::{node, rust};
use crate::{cache, process, project};

/// A wasm module of the package, with its glue.
pub struct WasmModule {
    crate_name: &'static str,
    /// The name of its glue and of its module.
    name: &'static str,
    /// The script that contains the module as text.
    inline: &'static str,
    /// Whether the module is also a file at the top of the package.
    served: bool,
    /// The features that load it in addition to the core. `None` for the core.
    loaded_for: Option<&'static str>,
}

/// All wasm modules. Code that a page loads together is one module.
pub const WASM_MODULES: &[WasmModule] = &[
    WasmModule {
        crate_name: "thetaone-web",
        name: "core",
        inline: "inline.js",
        served: true,
        loaded_for: None,
    },
    // Few pages load the others, so the package does not contain a second copy of them.
    WasmModule {
        crate_name: "thetaone-web-mp3",
        name: "mp3",
        inline: "mp3-inline.js",
        served: false,
        loaded_for: Some("format: mp3"),
    },
    WasmModule {
        crate_name: "thetaone-web-demux",
        name: "demux",
        inline: "demux-inline.js",
        served: false,
        loaded_for: Some("decoding files and long recordings"),
    },
];

/// The features that every browser with wasm SIMD has had for years. With `--all-features`,
/// wasm-opt emits imports that Chromium rejects.
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

impl WasmModule {
    /// Returns the name of the crate.
    pub fn crate_name(&self) -> &'static str {
        self.crate_name
    }

    /// Returns the features that load the module in addition to the core. `None` for the core.
    pub fn loaded_for(&self) -> Option<&'static str> {
        self.loaded_for
    }

    /// Whether a file of the package is the module's glue or its inlined wasm.
    pub fn includes(&self, file: &str) -> bool {
        let file = file.strip_prefix("wasm/").unwrap_or(file);
        file == self.inline || file == format!("{}.js", self.name)
    }

    /// Compiles the crate. Returns the wasm file.
    pub fn compile(&self) -> Result<PathBuf> {
        rust::build_wasm(self.crate_name)
    }

    /// Generates the glue and the optimized module from the `compiled` crate, and writes them into
    /// `package`.
    ///
    /// `sources` contains the package's own modules. `scratch` is a folder for intermediate files.
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
        let optimized = scratch.join(format!("{}_optimized.wasm", self.name));
        // Skipped if unchanged, because it takes seconds and most changes are to other modules.
        let done = format!("{}-optimized", self.name);
        if !optimized.exists() {
            cache::invalidate(&done)?;
        }
        let inputs = [
            glue.wasm.clone(),
            project::path("xtask/package-lock.json"),
            project::path(file!()),
        ];
        cache::run_once(&done, &inputs, || optimize(&glue.wasm, &optimized))?;
        let module = fs::read(&optimized).context("wasm-opt wrote no module")?;
        if self.served {
            // At the path that users import, because Parcel does not read `exports`.
            fs::write(package.join(format!("{}_bg.wasm", self.name)), &module)?;
        }
        // Compressed before base64, which servers compress badly: they send a quarter less.
        let inline = folder.join(self.inline);
        let packed = scratch.join(format!("{}_packed.gz", self.name));
        let done = format!("{}-packed", self.name);
        if !packed.exists() {
            cache::invalidate(&done)?;
        }
        cache::run_once(&done, &[optimized, project::path(file!())], || {
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

/// Optimizes a module with wasm-opt.
fn optimize(source: &Path, target: &Path) -> Result<()> {
    process::run_quietly(
        node::node("xtask")?
            .arg("node_modules/binaryen/bin/wasm-opt")
            .args([
                "-Oz",
                "--converge",
                // Addresses below 1 kB are unused: they are the end of a stack of 1 MB.
                "--low-memory-unused",
                // A low limit makes the module larger, but its compressed size smaller.
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
