//! Generates `THIRD-PARTY-NOTICES`: the licenses of the crates that are compiled into the package.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::build::wasm_module::WASM_MODULES;
use crate::setup::rust;
use crate::{process, project};

/// The name of the file in the package.
pub const FILE: &str = "THIRD-PARTY-NOTICES";

const HEAD: &str = "\
The WebAssembly modules of this package contain the Rust crates listed here, unchanged.
Each crate's source code is at the address beside it. The texts of the licenses follow.
";

/// A crate in one of the wasm modules.
struct Crate {
    title: String,
    license: String,
    source: String,
    /// The texts of the license and of notices.
    texts: Vec<String>,
}

/// Returns the content of the file.
pub fn text() -> Result<String> {
    let mut crates = third_party()?;
    crates.push(standard_library()?);
    let mut notices = format!("{HEAD}\n");
    // Most crates share a text with others.
    let mut by_text: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for one in &crates {
        writeln!(notices, "- {} ({}): {}", one.title, one.license, one.source)?;
        for text in &one.texts {
            by_text.entry(text).or_default().push(&one.title);
        }
    }
    let mut sections: Vec<_> = by_text.into_iter().collect();
    sections.sort_by(|(_, a), (_, b)| a.cmp(b));
    for (text, titles) in sections {
        let rule = "-".repeat(80);
        write!(
            notices,
            "\n{rule}\n{}\n{rule}\n\n{text}\n",
            titles.join(", ")
        )?;
    }
    Ok(notices)
}

fn third_party() -> Result<Vec<Crate>> {
    let metadata: Value = serde_json::from_str(&process::read(project::cargo().args([
        "metadata",
        "--format-version=1",
        "--locked",
        "--filter-platform",
        rust::WASM,
    ]))?)?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let packages: BTreeMap<String, Value> = list(&metadata["packages"])
        .into_iter()
        .map(|package| (string(&package["id"]), package))
        .collect();
    let nodes: BTreeMap<String, Value> = list(&metadata["resolve"]["nodes"])
        .into_iter()
        .map(|node| (string(&node["id"]), node))
        .collect();

    let is_root = |package: &&Value| {
        package["source"].is_null()
            && WASM_MODULES
                .iter()
                .any(|module| package["name"] == module.crate_name())
    };
    let mut queue: Vec<String> = packages
        .values()
        .filter(is_root)
        .map(|package| string(&package["id"]))
        .collect();
    ensure!(
        queue.len() == WASM_MODULES.len(),
        "a crate of the package is missing"
    );
    let mut compiled = BTreeSet::new();
    while let Some(id) = queue.pop() {
        // Macros run at build time, and are not in the package.
        if is_macro(&packages[&id]) || !compiled.insert(id.clone()) {
            continue;
        }
        for dependency in list(&nodes[&id]["deps"]) {
            let is_normal = |kind: &Value| kind["kind"].is_null();
            if list(&dependency["dep_kinds"]).iter().any(is_normal) {
                queue.push(string(&dependency["pkg"]));
            }
        }
    }
    let mut found: Vec<&Value> = compiled
        .iter()
        .map(|id| &packages[id])
        .filter(|package| !package["source"].is_null())
        .collect();
    found.sort_by_key(|package| (string(&package["name"]), string(&package["version"])));
    found.into_iter().map(third_party_crate).collect()
}

fn is_macro(package: &Value) -> bool {
    let targets = package["targets"].as_array();
    targets.is_some_and(|targets| {
        targets.iter().any(|target| {
            let kinds = target["kind"].as_array();
            kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind == "proc-macro"))
        })
    })
}

fn third_party_crate(package: &Value) -> Result<Crate> {
    let (name, version) = (string(&package["name"]), string(&package["version"]));
    let title = format!("{name} {version}");
    let license = string(&package["license"]);
    let manifest = PathBuf::from(string(&package["manifest_path"]));
    let folder = manifest.parent().context("a manifest is in a folder")?;
    let mut texts = license_texts(folder, !license.contains(" AND "))?;
    if texts.is_empty() {
        ensure!(
            license.contains("Apache-2.0"),
            "{title} ({license}) contains no text of its license"
        );
        texts.push(apache()?);
    }
    Ok(Crate {
        title,
        license,
        source: format!("https://crates.io/crates/{name}/{version}"),
        texts,
    })
}

/// Reads the license and the notices of a crate. If the user may choose a license, takes MIT, whose
/// text names the copyright holders.
fn license_texts(folder: &Path, is_choice: bool) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let starts_with_any = |name: &str, words: &[&str]| {
        let name = name.to_ascii_uppercase();
        words.iter().any(|word| name.starts_with(word))
    };
    let licenses: Vec<&String> = names
        .iter()
        .filter(|name| starts_with_any(name, &["LICENSE", "LICENCE", "COPYING", "UNLICENSE"]))
        .collect();
    let mit = licenses
        .iter()
        .find(|name| is_choice && name.to_ascii_uppercase().contains("MIT"));
    let chosen = mit.map_or(licenses.clone(), |mit| vec![*mit]);
    let notices = names
        .iter()
        .filter(|name| starts_with_any(name, &["NOTICE", "COPYRIGHT"]));
    chosen
        .into_iter()
        .chain(notices)
        .map(|name| {
            let text = fs::read_to_string(folder.join(name))?;
            Ok(text.replace("\r\n", "\n").trim().to_owned())
        })
        .collect()
}

fn standard_library() -> Result<Crate> {
    Ok(Crate {
        title: "Rust standard library".into(),
        license: "MIT OR Apache-2.0".into(),
        source: "https://github.com/rust-lang/rust".into(),
        texts: vec![apache()?],
    })
}

/// Returns the text of the Apache License, which is the same for all projects.
fn apache() -> Result<String> {
    let text = fs::read_to_string(project::path("LICENSE-APACHE"))?;
    Ok(text.replace("\r\n", "\n").trim().to_owned())
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
