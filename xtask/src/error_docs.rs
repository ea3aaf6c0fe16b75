//! `docs/errors.md`, from the table that also classifies.

use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result, ensure};
use thetaone_web::core::catalogue::{Class, Detail, ROWS, Row};

use crate::project;

const FILE: &str = "docs/errors.md";

/// Writes the page anew.
pub fn write() -> Result<()> {
    fs::write(project::path(FILE), page()).with_context(|| format!("{FILE} cannot be written"))
}

/// Fails where the page is not what the table says.
pub fn check() -> Result<()> {
    let found = fs::read_to_string(project::path(FILE)).unwrap_or_default();
    ensure!(
        found.replace("\r\n", "\n") == page(),
        "{FILE} is not what src/core/catalogue.rs says; `cargo xtask docs` writes it anew"
    );
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
