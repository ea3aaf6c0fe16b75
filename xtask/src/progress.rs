//! Says what a long step does, and how long it took.

use std::time::Instant;

use anyhow::Result;

/// Runs `work` under a heading.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("▸ {what} …");
    let start = Instant::now();
    let outcome = work();
    let verdict = if outcome.is_ok() { "done" } else { "FAILED" };
    println!("  {verdict} in {:.1} s", start.elapsed().as_secs_f64());
    outcome
}
