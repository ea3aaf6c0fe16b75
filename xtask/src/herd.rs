//! `cargo xtask bench --suite herd`: a thousand pages of one key, a quota, an
//! outage, and what becomes of them under this SDK's rules and under others'.

mod measure;
mod page;
mod random;
mod scenario;
mod server;
mod simulation;
mod table;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use measure::{PAGES, figures, ideal_ms};
use scenario::{SCENARIOS, recipes};

/// Simulates everything, prints it, and writes it to the JSON file `path`.
pub fn run(path: &Path) -> Result<()> {
    table::preamble();
    let mut scenarios = Vec::new();
    for scenario in SCENARIOS {
        let server = scenario.server();
        let (ideal, capped) = ideal_ms(&server, PAGES);
        table::heading(scenario.name, ideal, capped);
        let mut rows = Vec::new();
        for (name, recipe) in recipes(PAGES) {
            let figures = figures(&recipe, &server, PAGES);
            table::row(name, &figures);
            rows.push(json!({"recipe": name, "figures": figures.to_json()}));
        }
        scenarios.push(json!({
            "scenario": scenario.name, "idealMs": ideal, "idealMsWithinPeak": capped,
            "rows": rows,
        }));
    }
    let guesses = guesses();
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let report = json!({
        "suite": "herd", "pages": PAGES, "scenarios": scenarios, "guesses": guesses,
    });
    fs::write(path, serde_json::to_string_pretty(&report)?)
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// What turns come to when the page is wrong about how many pages there are.
fn guesses() -> Vec<Value> {
    println!("\nTaking turns, told of {PAGES} pages when there are others (bucket of 5 s):");
    table::columns();
    let server = scenario::SAVES_5_S.server();
    [500, 750, 1000, 1250, 2000]
        .into_iter()
        .map(|pages| {
            let figures = figures(&scenario::turns(PAGES), &server, pages);
            table::row(&format!("{pages} pages"), &figures);
            json!({"told": PAGES, "pages": pages, "figures": figures.to_json()})
        })
        .collect()
}
