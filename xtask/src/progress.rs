//! Prints the name and the duration of a long step.

use std::time::Instant;

use anyhow::Result;

/// Prints `title`, runs `work`, and prints how long it took.
pub fn step<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("▸ {title} …");
    let start = Instant::now();
    let outcome = work();
    let verdict = if outcome.is_ok() { "done" } else { "FAILED" };
    let seconds = start.elapsed().as_secs_f64();
    // Repeats the title, because steps may overlap.
    println!("  {title}: {verdict} in {seconds:.1} s");
    outcome
}
