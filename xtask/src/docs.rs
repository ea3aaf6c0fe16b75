//! The committed files that are written from the tables of the core: `docs/errors.md`, and the
//! options of methods for the package's JavaScript.

use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result, ensure};
use thetaone_web::core::catalogue::{Class, Detail, ROWS, Row};
use thetaone_web::core::codegen::call_options_js;

use crate::project;

type Content = fn() -> String;

/// The files, and what they hold.
const FILES: [(&str, Content); 2] = [
    ("docs/errors.md", page),
    ("pkg-template/client/call-options.js", call_options_js),
];

/// Writes the files.
pub fn write() -> Result<()> {
    for (file, content) in FILES {
        fs::write(project::path(file), content())
            .with_context(|| format!("{file} cannot be written"))?;
    }
    Ok(())
}

/// Fails where a file is not what the tables say.
pub fn check() -> Result<()> {
    for (file, content) in FILES {
        let found = fs::read_to_string(project::path(file)).unwrap_or_default();
        ensure!(
            found.replace("\r\n", "\n") == content(),
            "{file} is not what the tables in src/core say; `cargo xtask docs` writes it anew"
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
        let rows: Vec<&Row> = ROWS.iter().filter(|row| row.class == *class).collect();
        if rows.is_empty() {
            continue;
        }
        let _ = write!(
            page,
            "\n## {}\n\nExtends `{}`.\n",
            class.name(),
            class.parent()
        );
        for row in rows {
            section(&mut page, row);
        }
    }
    page
}

fn section(page: &mut String, row: &Row) {
    let reason = row
        .reason
        .map_or(String::new(), |reason| format!(" · `{reason}`"));
    let _ = write!(page, "\n### `{}`{reason}\n\n", row.code);
    let _ = writeln!(page, "{}.\n", capitalised(row.cause));
    let mut fact = |name: &str, value: String| {
        let _ = writeln!(page, "- {name}: {value}");
    };
    if let Some(status) = row.status {
        let said = match row.detail {
            Detail::Exact(detail) => format!(" with `{detail}`"),
            Detail::Prefix(detail) => format!(" with `{detail}…`"),
            Detail::Any => String::new(),
        };
        fact("HTTP", format!("{status}{said}"));
    }
    fact("category", format!("`{}`", row.category.as_str()));
    fact(
        "tried again",
        if row.retryable { "yes" } else { "no" }.to_owned(),
    );
    fact("fix", row.fix.to_owned());
    if let Some(url) = row.help_url {
        fact("help", format!("<{url}>"));
    }
    fact(
        "for the speaker",
        format!("“{}” / “{}”", row.speaker.en, row.speaker.ko),
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
    use super::page;
    use thetaone_web::core::catalogue::ROWS;

    #[test]
    fn every_row_has_its_place() {
        let page = page();
        for row in ROWS {
            assert!(page.contains(row.fix), "{}", row.code);
            assert!(page.contains(row.speaker.ko), "{}", row.code);
        }
    }
}
