//! The gate that all calls of one client pass: so many at a time, so many a
//! minute, in the order in which they came.

use std::collections::VecDeque;

/// The window over which requests are counted, in milliseconds. The API counts
/// requests per minute.
pub const WINDOW_MS: f64 = 60_000.0;

/// What the gate says to the first in the queue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Admission {
    /// Go; [`Gate::leave`] must follow.
    Enter,
    /// All places are taken; ask again when one is left.
    WaitForPlace,
    /// The minute is full; ask again after this many milliseconds.
    WaitMs(f64),
}

/// The state of the gate; the queue itself is kept by the caller.
#[derive(Debug)]
pub struct Gate {
    max_concurrent: usize,
    requests_per_minute: Option<usize>,
    inside: usize,
    entered_ms: VecDeque<f64>,
}

impl Gate {
    /// A gate for `max_concurrent` calls at a time and, if given, this many
    /// entries in any minute.
    pub fn new(max_concurrent: usize, requests_per_minute: Option<usize>) -> Self {
        Gate {
            max_concurrent: max_concurrent.max(1),
            requests_per_minute: requests_per_minute.map(|limit| limit.max(1)),
            inside: 0,
            entered_ms: VecDeque::new(),
        }
    }

    /// Asks to send one request at `now_ms` (any clock that only goes forward).
    pub fn enter(&mut self, now_ms: f64) -> Admission {
        if self.inside >= self.max_concurrent {
            return Admission::WaitForPlace;
        }
        if let Some(limit) = self.requests_per_minute {
            while let Some(&first) = self.entered_ms.front()
                && now_ms - first >= WINDOW_MS
            {
                self.entered_ms.pop_front();
            }
            if self.entered_ms.len() >= limit
                && let Some(&first) = self.entered_ms.front()
            {
                return Admission::WaitMs(first + WINDOW_MS - now_ms);
            }
            self.entered_ms.push_back(now_ms);
        }
        self.inside += 1;
        Admission::Enter
    }

    /// Gives the place back.
    pub fn leave(&mut self) {
        self.inside = self.inside.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_are_inside_at_a_time() {
        let mut gate = Gate::new(2, None);
        assert_eq!(gate.enter(0.0), Admission::Enter);
        assert_eq!(gate.enter(0.0), Admission::Enter);
        assert_eq!(gate.enter(0.0), Admission::WaitForPlace);
        gate.leave();
        assert_eq!(gate.enter(0.0), Admission::Enter);
    }

    #[test]
    fn no_minute_holds_more_than_its_share() {
        let mut gate = Gate::new(100, Some(3));
        let mut now = 0.0;
        let mut entered: Vec<f64> = Vec::new();
        while entered.len() < 20 {
            match gate.enter(now) {
                Admission::Enter => {
                    gate.leave();
                    entered.push(now);
                    now += 1000.0;
                }
                Admission::WaitMs(ms) => {
                    assert!(ms > 0.0);
                    now += ms;
                }
                Admission::WaitForPlace => unreachable!("nobody stays inside"),
            }
        }
        for window in entered.windows(4) {
            assert!(window[3] - window[0] >= WINDOW_MS, "{window:?}");
        }
    }
}
