//! Paths in the repository.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// The version of every package in the workspace, the npm package included.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Returns the top folder of the repository.
pub fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        // Read at run time, because clones that share a target folder also share this program.
        let xtask = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = xtask.parent().expect("xtask/ is in the repository");
        root.to_owned()
    });
    &ROOT
}

/// Returns the path of a file that is named from the top folder.
pub fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// Returns a path relative to the top folder, for messages.
pub fn relative(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}

/// Returns the command for the cargo that runs this program, in the top folder.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}
