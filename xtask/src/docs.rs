//! `cargo xtask docs`: the committed files that are generated.
//!
//! `docs/errors.md` and the generated modules of the package's JavaScript come from tables in
//! `src/core`. `docs/api.md` comes from the declarations of the package.

use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result, ensure};
use thetaone_web::core::catalogue::{Class, DetailMatch, ERRORS, ErrorSpec};
use thetaone_web::core::codegen::{MODULES, Source};

use crate::setup::node;
use crate::{process, project};

/// The script that writes `docs/api.md`, in `tests/`.
const API_REFERENCE: &str = "types/api-reference.mjs";

/// Returns the path and the content of each generated file.
fn files() -> impl Iterator<Item = (String, String)> {
    let module = |(path, source): &(&str, Source)| (format!("pkg-template/{path}"), source());
    let modules = MODULES.iter().map(module);
    modules.chain([("docs/errors.md".to_owned(), page())])
}

/// Writes the files.
pub fn write() -> Result<()> {
    for (file, content) in files() {
        fs::write(project::path(&file), content)
            .with_context(|| format!("{file} cannot be written"))?;
    }
    node::install_locked("tests")?;
    process::run_quietly(node::node("tests")?.arg(API_REFERENCE))
}

/// Fails if `docs/api.md` differs from the declarations. The npm packages of `tests/` must be
/// installed.
pub fn check_api_reference() -> Result<()> {
    process::run_quietly(node::node("tests")?.args([API_REFERENCE, "--check"]))
}

/// Fails if a committed file differs from the tables.
pub fn check() -> Result<()> {
    for (file, content) in files() {
        let found = fs::read_to_string(project::path(&file)).unwrap_or_default();
        ensure!(
            found.replace("\r\n", "\n") == content,
            "{file} differs from the tables in src/core; run `cargo xtask docs`"
        );
    }
    Ok(())
}

fn page() -> String {
    let mut page = String::from(
        "<!-- Written by `cargo xtask docs` from src/core/catalogue.rs. -->\n\n\
         # Every error\n\n\
         Every rejection is a `ThetaOneError`. Branch on `code`, on the class, or on `reason`; `fix` is for you, \
         `userMessage()` for the speaker. What is found before anything is sent has `origin: \"client\"` and no \
         `attempts`, and costs nothing.\n",
    );
    for class in Class::ALL {
        let specs: Vec<&ErrorSpec> = ERRORS.iter().filter(|spec| spec.class == *class).collect();
        if specs.is_empty() {
            continue;
        }
        let _ = write!(
            page,
            "\n## {}\n\nExtends `{}`.\n",
            class.name(),
            class.parent()
        );
        for spec in specs {
            section(&mut page, spec);
        }
    }
    page
}

fn section(page: &mut String, spec: &ErrorSpec) {
    let reason = spec
        .reason
        .map_or(String::new(), |reason| format!(" · `{reason}`"));
    let _ = write!(page, "\n### `{}`{reason}\n\n", spec.code);
    let _ = writeln!(page, "{}.\n", capitalised(spec.cause));
    let mut fact = |name: &str, value: String| {
        let _ = writeln!(page, "- {name}: {value}");
    };
    if let Some(status) = spec.status {
        let said = match spec.detail {
            DetailMatch::Exact(detail) => format!(" with `{detail}`"),
            DetailMatch::Prefix(detail) => format!(" with `{detail}…`"),
            DetailMatch::Any => String::new(),
        };
        fact("HTTP", format!("{status}{said}"));
    }
    fact("category", format!("`{}`", spec.category.as_str()));
    fact(
        "retried",
        if spec.retryable { "yes" } else { "no" }.to_owned(),
    );
    fact("fix", spec.fix.to_owned());
    if let Some(url) = spec.help_url {
        fact("help", format!("<{url}>"));
    }
    fact(
        "for the user",
        format!("“{}” / “{}”", spec.user_message.en, spec.user_message.ko),
    );
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    // Code stays as it is written.
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::{check, page};
    use thetaone_web::core::catalogue::ERRORS;

    #[test]
    fn the_committed_files_are_up_to_date() {
        check().unwrap();
    }

    #[test]
    fn every_row_has_its_place() {
        let page = page();
        for spec in ERRORS {
            assert!(page.contains(spec.fix), "{}", spec.code);
            assert!(page.contains(spec.user_message.ko), "{}", spec.code);
        }
    }
}
