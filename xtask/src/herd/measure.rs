//! What is read off a simulation, and what it is held against.

use serde_json::{Value, json};

use super::page::Recipe;
use super::server::{QUOTA, Server};
use super::simulation::{SERVICE_MS, Trace, simulate};

/// How many pages there are.
pub const PAGES: usize = 1000;
/// Every figure is the worst of these.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=5;
/// Over how long the peak is taken.
const PEAK_MS: f64 = 10_000.0;

/// The targets.
pub const LEAST_BUSY: f64 = 0.95;
pub const MOST_RATIO: f64 = 1.2;
pub const MOST_PEAK: f64 = 2.0;

/// The figures of one recipe at one server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Calls that failed for good.
    pub failed: usize,
    /// What was granted, of all that a server under siege would have granted
    /// from its return until the last call was served.
    pub busy: f64,
    /// What was granted a minute in that time, of the quota; at most 1, since
    /// what a bucket has saved up comes on top.
    pub quota: f64,
    /// When the last result came, against when it would have come had the
    /// server granted every request at the first moment it could. Counted from
    /// the burst. 0 if nobody was served.
    pub ratio: f64,
    /// The most requests in any ten seconds after the server's return, refused
    /// ones included, against the quota of ten seconds.
    pub peak: f64,
    /// Requests sent, per page.
    pub requests: f64,
}

impl Figures {
    /// Which of the three targets hold: busy, last, peak. None does where
    /// calls fail: they are what the waiting is for.
    pub fn met(&self) -> [bool; 3] {
        let served = self.failed == 0;
        [
            served && self.busy >= LEAST_BUSY,
            served && self.ratio <= MOST_RATIO,
            served && self.peak <= MOST_PEAK,
        ]
    }

    pub fn to_json(self) -> Value {
        json!({
            "failed": self.failed, "busy": self.busy, "quota": self.quota,
            "lastWaitRatio": self.ratio, "peak": self.peak,
            "requestsPerPage": self.requests,
        })
    }

    fn worse(self, other: Figures) -> Figures {
        Figures {
            failed: self.failed.max(other.failed),
            busy: self.busy.min(other.busy),
            quota: self.quota.min(other.quota),
            ratio: self.ratio.max(other.ratio),
            peak: self.peak.max(other.peak),
            requests: self.requests.max(other.requests),
        }
    }
}

/// The worst of several runs.
pub fn figures(recipe: &Recipe, server: &Server, pages: usize) -> Figures {
    SEEDS
        .map(|seed| {
            of_trace(
                &simulate(recipe, server.clone(), pages, seed),
                server,
                pages,
            )
        })
        .reduce(Figures::worse)
        .expect("there is a seed")
}

/// When the last of `pages` has its result at this server at the earliest, and
/// when if they also keep the target for the peak: no clients can do better,
/// whatever they know.
pub fn ideal_ms(server: &Server, pages: usize) -> (f64, f64) {
    let last = |apart_ms| server.best_ms(pages, apart_ms)[pages - 1] + SERVICE_MS;
    (last(0.0), last(60_000.0 / QUOTA as f64 / MOST_PEAK))
}

fn of_trace(trace: &Trace, server: &Server, pages: usize) -> Figures {
    let latest = |times: &[f64]| times.iter().copied().fold(0.0, f64::max);
    let last_grant_ms = latest(&trace.granted_ms);
    let served = trace.granted_ms.len();
    let minutes = (last_grant_ms - server.back_ms) / 60_000.0;
    // Twice over, a siege outlasts the last grant of any sane recipe; what is
    // slower than that is idle enough as it is.
    let siege = server.best_ms(pages * 20, 0.0);
    let available = siege.partition_point(|&at_ms| at_ms <= last_grant_ms);
    let after: Vec<f64> = trace
        .requests_ms
        .iter()
        .copied()
        .filter(|&at_ms| at_ms >= server.back_ms)
        .collect();
    Figures {
        failed: trace.failed,
        busy: served as f64 / available.max(served).max(1) as f64,
        quota: (served as f64 / QUOTA as f64 / minutes.max(1e-9)).min(1.0),
        ratio: latest(&trace.results_ms) / ideal_ms(server, pages).0,
        peak: most_within(&after, PEAK_MS) as f64 / (QUOTA as f64 * PEAK_MS / 60_000.0),
        requests: trace.requests_ms.len() as f64 / pages as f64,
    }
}

/// The most of `times_ms`, which are in order, in any window of this length.
fn most_within(times_ms: &[f64], window_ms: f64) -> usize {
    let mut from = 0;
    let mut most = 0;
    for (to, &at_ms) in times_ms.iter().enumerate() {
        while at_ms - times_ms[from] >= window_ms {
            from += 1;
        }
        most = most.max(to - from + 1);
    }
    most
}
