//! Writes `target/types/`, which `pkg-template/tsconfig.json` overlays on `pkg-template/` by
//! `rootDirs`, so that `tsc` finds the modules that only the build makes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::project;

/// The folder of the overlay, relative to the repository.
const FOLDER: &str = "target/types";

/// Declarations of the scripts that hold a wasm module as base64.
pub const INLINED_WASM: &str = "declare const base64: string;\nexport default base64;\n";

/// Empties the overlay and copies the package's entries into it. Beside its declarations, `tsc`
/// ignores a script, so that an entry itself would not be checked.
pub fn reset(template: &Path) -> Result<()> {
    let folder = project::path(FOLDER);
    if folder.exists() {
        fs::remove_dir_all(&folder).context("the old target/types/ cannot be removed")?;
    }
    // Under `module: nodenext`, it decides that the scripts are ES modules.
    write("package.json", "{ \"type\": \"module\" }\n")?;
    for entry in fs::read_dir(template)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "js")
            && path.with_extension("d.ts").is_file()
        {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            write(&name, &fs::read_to_string(&path)?)?;
        }
    }
    Ok(())
}

/// Writes a file of the overlay.
pub fn write(name: &str, text: &str) -> Result<()> {
    let path = project::path(FOLDER).join(name);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&path, text)
        .with_context(|| format!("{} cannot be written", project::relative(&path)))
}
