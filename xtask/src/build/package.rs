//! Builds `pkg/`, the npm package, and packs its tarball.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::build::wasm_module::{WASM_MODULES, WasmModule};
use crate::build::{js_types, notices};
use crate::setup::{node, rust};
use crate::{cache, process, progress, project};

/// A built package.
pub struct Package {
    /// The folder that `npm publish` would publish.
    pub directory: PathBuf,
    /// The tarball of the folder.
    pub tarball: PathBuf,
}

impl Package {
    /// Installs the tarball into a folder of the repository, as a user would, unless the same
    /// tarball is installed already.
    pub fn install_into(&self, folder: &str) -> Result<()> {
        let installed = project::path(folder).join("node_modules/thetaone-web");
        let stamp = format!("tarball-{}", folder.replace('/', "-"));
        if !installed.is_dir() {
            cache::invalidate(&stamp)?;
        }
        cache::run_once(&stamp, std::slice::from_ref(&self.tarball), || {
            // npm keeps an installed copy of the same version.
            if installed.is_dir() {
                fs::remove_dir_all(&installed)?;
            }
            process::run_quietly(
                node::npm(folder)?
                    // Avoids requests for the metadata of installed packages, which the cache of a
                    // new machine lacks.
                    .args([
                        "install",
                        "--no-save",
                        "--no-package-lock",
                        "--prefer-offline",
                    ])
                    .arg(&self.tarball),
            )
        })
    }
}

/// The pictures of the demo page. The package leaves them out, because they are as large as the rest.
const PICTURES: &str = "docs/images";

/// The files at the top of the repository that the package contains.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "README.ko.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "llms.txt",
];

/// Files of `pkg-template/` that only `tsc` reads, to check the scripts by their JSDoc types.
const TYPE_CHECK_FILES: &[&str] = &["tsconfig.json", "internal.d.ts"];

/// Installs what is missing, then compiles and packs the package.
pub fn build() -> Result<Package> {
    set_up()?;
    let compiled = progress::step("Compiling the SDK to wasm", || {
        WASM_MODULES
            .iter()
            .map(WasmModule::compile)
            .collect::<Result<Vec<_>>>()
    })?;
    progress::step("Assembling pkg/ and its tarball", || {
        let directory = assemble(&compiled)?;
        let tarball = pack(&directory)?;
        Ok(Package { directory, tarball })
    })
}

/// Installs everything that building needs and a new machine may lack.
pub fn set_up() -> Result<()> {
    node::ensure()?;
    rust::ensure_wasm_target()?;
    node::install_locked("xtask")
}

fn assemble(compiled: &[PathBuf]) -> Result<PathBuf> {
    let template = project::path("pkg-template");
    let directory = project::path("pkg");
    if directory.exists() {
        fs::remove_dir_all(&directory).context("the old pkg/ cannot be removed")?;
    }
    copy_folder(&template, &directory)?;
    for file in TYPE_CHECK_FILES {
        fs::remove_file(directory.join(file))
            .with_context(|| format!("pkg-template/{file} is missing"))?;
    }
    check_version(&directory.join("package.json"))?;
    for document in DOCUMENTS {
        fs::copy(project::path(document), directory.join(document))
            .with_context(|| format!("{document} cannot be copied into the package"))?;
    }
    fs::write(directory.join(notices::FILE), notices::text()?)?;
    copy_folder(&project::path("docs"), &directory.join("docs"))?;
    fs::remove_dir_all(directory.join(PICTURES))
        .with_context(|| format!("{PICTURES}/ is missing"))?;
    js_types::reset(&template)?;
    let scratch = cache::directory()?.join("glue");
    for (module, compiled) in WASM_MODULES.iter().zip(compiled) {
        module.write(compiled, &template, &scratch, &directory)?;
    }
    Ok(directory)
}

fn pack(directory: &Path) -> Result<PathBuf> {
    let packed = project::path("target/npm");
    if packed.exists() {
        fs::remove_dir_all(&packed).context("the old target/npm/ cannot be removed")?;
    }
    fs::create_dir_all(&packed)?;
    process::run_quietly(
        node::npm("pkg")?
            .args(["pack", "--ignore-scripts", "--pack-destination"])
            .arg(&packed),
    )?;
    let tarball = packed.join(format!("thetaone-web-{}.tgz", project::VERSION));
    ensure!(
        tarball.is_file(),
        "`npm pack` in {} created no {}",
        project::relative(directory),
        project::relative(&tarball)
    );
    Ok(tarball)
}

/// Fails unless the package has the version of the workspace.
fn check_version(manifest: &Path) -> Result<()> {
    let manifest: Value = serde_json::from_slice(&fs::read(manifest)?)
        .context("pkg-template/package.json is not JSON")?;
    ensure!(
        manifest["version"] == project::VERSION,
        "pkg-template/package.json says version {}, but Cargo.toml says \"{}\"",
        manifest["version"],
        project::VERSION
    );
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    let entries = fs::read_dir(from)
        .with_context(|| format!("{} cannot be read", project::relative(from)))?;
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).with_context(|| {
                format!("{} cannot be copied", project::relative(&entry.path()))
            })?;
        }
    }
    Ok(())
}
