//! The table in the terminal.

use super::measure::{Figures, LEAST_BUSY, MOST_PEAK, MOST_RATIO, PAGES};
use super::server::QUOTA;

/// What the columns mean.
pub fn preamble() {
    println!(
        "{PAGES} pages that know nothing of each other press the button within one second.
The key has {QUOTA} requests a minute. The server is out for the first 60 s.

failed    calls that failed for good; where there are any, no target is met
busy      granted, of what a server under siege would have granted until the last call was served
          (target ≥ {LEAST_BUSY})
quota     granted a minute in that time, of {QUOTA}; what a bucket had saved up comes on top
last      when the last result came, against a server that grants whatever it can at once
          (target ≤ {MOST_RATIO}); counted from the burst
peak      most requests in any 10 s after the outage, of the quota of 10 s (target ≤ {MOST_PEAK})
requests  sent, per page
Every figure is the worst of five seeds; * meets its target."
    );
}

/// What comes before the rows of one scenario.
pub fn heading(name: &str, ideal_ms: f64, capped_ms: f64) {
    println!(
        "\n{name}: last result at {:.0} s at best, at {:.0} s ({:.2}×) if the peak is to be met",
        ideal_ms / 1000.0,
        capped_ms / 1000.0,
        capped_ms / ideal_ms
    );
    columns();
}

/// The names of the columns.
pub fn columns() {
    println!(
        "  {:<35}{:>7}{:>8}{:>8}{:>8}{:>9}{:>10}",
        "", "failed", "busy", "quota", "last", "peak", "requests"
    );
}

/// One row.
pub fn row(name: &str, figures: &Figures) {
    let [busy, last, peak] = figures.met();
    let star = |met| if met { "*" } else { " " };
    // Where nobody was served there is no last result.
    let ratio = match figures.ratio {
        0.0 => "–".to_owned(),
        ratio => format!("{ratio:.2}"),
    };
    println!(
        "  {name:<35}{:>7}{:>7.2}{}{:>8.2}{ratio:>7}{}{:>8.2}{}{:>10.1}",
        figures.failed,
        figures.busy,
        star(busy),
        figures.quota,
        star(last),
        figures.peak,
        star(peak),
        figures.requests
    );
}
