//! A thousand pages in virtual time: what is next happens next, and nothing in
//! between takes any time at all.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use thetaone_web::core::catalogue::Class;
use thetaone_web::core::classify::{Answer, classify};
use thetaone_web::core::error::Failure;

use super::page::{Page, Recipe};
use super::random::Random;
use super::server::{Reply, Server};

/// Over how long the burst comes in: a lesson, and everybody is told to press
/// the button.
const BURST_MS: f64 = 1000.0;
/// What the API takes for a short sentence, give or take a tenth of a second.
pub const SERVICE_MS: f64 = 500.0;
/// A refusal costs the way there and back.
const REFUSAL_MS: f64 = 50.0;

/// What happened.
#[derive(Debug, Default)]
pub struct Trace {
    /// When requests came to the server, in order.
    pub requests_ms: Vec<f64>,
    /// When those were that it granted.
    pub granted_ms: Vec<f64>,
    /// When each page that was served had its result.
    pub results_ms: Vec<f64>,
    /// How many pages gave up.
    pub failed: usize,
}

/// A time, in an order that is total.
#[derive(Clone, Copy)]
struct Moment(f64);

impl PartialEq for Moment {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Moment {}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// Sends `count` pages with one call each to `server`.
pub fn simulate(recipe: &Recipe, mut server: Server, count: usize, seed: u64) -> Trace {
    let mut random = Random::new(seed);
    let mut pages: Vec<Page> = (0..count).map(|_| Page::new(recipe)).collect();
    let mut queue: BinaryHeap<Reverse<(Moment, usize)>> = (0..count)
        .map(|page| Reverse((Moment(random.draw() * BURST_MS), page)))
        .collect();
    let mut trace = Trace::default();
    while let Some(Reverse((Moment(now_ms), index))) = queue.pop() {
        let page = &mut pages[index];
        if let Err(wait_ms) = page.send(now_ms) {
            // Sums of waits come out a hair short of the moment itself.
            queue.push(Reverse((Moment(now_ms + wait_ms.max(1e-3)), index)));
            continue;
        }
        trace.requests_ms.push(now_ms);
        let Some(failure) = failure(server.answer(now_ms), now_ms) else {
            trace.granted_ms.push(now_ms);
            let service_ms = SERVICE_MS + 200.0 * (random.draw() - 0.5);
            trace.results_ms.push(now_ms + service_ms);
            continue;
        };
        let answered_ms = now_ms + REFUSAL_MS;
        match page.failed(&failure, answered_ms, &mut random) {
            Some(wait_ms) => queue.push(Reverse((Moment(answered_ms + wait_ms), index))),
            None => trace.failed += 1,
        }
    }
    trace
}

fn failure(reply: Reply, now_ms: f64) -> Option<Failure> {
    match reply {
        Reply::Done => None,
        Reply::Unreachable => Some(Failure::client(Class::Connection, Some("unreachable"), "")),
        Reply::Refused {
            status,
            retry_after_s,
        } => {
            let header = retry_after_s.map(|seconds| seconds.to_string());
            Some(classify(&Answer {
                status,
                retry_after: header.as_deref(),
                body: b"",
                now_ms,
            }))
        }
    }
}
