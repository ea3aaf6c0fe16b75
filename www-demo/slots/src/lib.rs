//! Slots: a proxy sees all pages of its key, and can do what no page can: tell
//! each of them a moment of its own.
//!
//! As many requests as the quota holds pass at once. Every other one is given
//! the next moment that is free and comes back then, as `Retry-After` tells it
//! to, so that all of them together ask at just the rate of the quota, first
//! come, first served. Who comes unasked does not get past those who wait.
//!
//! Pure: the time is passed in, so that tests need no clock.

use std::collections::VecDeque;

/// Over how long requests are counted, in milliseconds.
const MINUTE_MS: f64 = 60_000.0;

/// How much further apart slots are than the quota asks for: those who come a
/// moment late must not use up the next minute's.
const SLACK: f64 = 1.005;

/// How late one may come for its slot, in milliseconds: an upload takes its
/// time. Until then it is kept; after that, it is lost.
const GRACE_MS: f64 = 10_000.0;

/// The furthest slot that is kept, in milliseconds. It bounds the memory, and
/// clients do not wait for longer anyway.
const FURTHEST_MS: f64 = 300_000.0;

/// The requests of one key.
#[derive(Debug, Clone)]
pub struct Slots {
    per_minute: usize,
    /// What counts against the quota: when requests passed, and the slots, in order.
    taken_ms: VecDeque<f64>,
    /// When those who were given a slot come back, in order.
    awaited_ms: VecDeque<f64>,
}

impl Slots {
    /// Slots for this many requests a minute (at least one).
    pub fn new(per_minute: usize) -> Self {
        Slots {
            per_minute: per_minute.max(1),
            taken_ms: VecDeque::new(),
            awaited_ms: VecDeque::new(),
        }
    }

    /// Lets a request pass at `now_ms` (any clock that only goes forward), or
    /// says in how many seconds it may come back.
    pub fn enter(&mut self, now_ms: f64) -> Result<(), u32> {
        forget(&mut self.taken_ms, now_ms - MINUTE_MS);
        forget(&mut self.awaited_ms, now_ms - GRACE_MS);
        if self
            .awaited_ms
            .front()
            .is_some_and(|&at_ms| at_ms <= now_ms)
        {
            self.awaited_ms.pop_front();
            return Ok(());
        }
        let none_ahead = self.taken_ms.back().is_none_or(|&at_ms| at_ms <= now_ms);
        if none_ahead && self.taken_ms.len() < self.per_minute {
            self.taken_ms.push_back(now_ms);
            return Ok(());
        }
        Err(self.next(now_ms))
    }

    /// When to come back, in seconds, with a request that passed and that the
    /// API then refused for now: its quota is kept in another way than here, or
    /// it is out of order. It has done no work, so that nothing is taken.
    pub fn refused(&mut self, now_ms: f64) -> u32 {
        let passed = self.taken_ms.partition_point(|&at_ms| at_ms <= now_ms);
        if passed > 0 {
            self.taken_ms.remove(passed - 1);
        }
        self.next(now_ms)
    }

    fn next(&mut self, now_ms: f64) -> u32 {
        let apart_ms = SLACK * MINUTE_MS / self.per_minute as f64;
        let after_last_ms = self
            .taken_ms
            .back()
            .map_or(now_ms, |at_ms| at_ms + apart_ms);
        let full = self.taken_ms.len().checked_sub(self.per_minute);
        let free_ms = full.map_or(now_ms, |index| self.taken_ms[index] + MINUTE_MS);
        let slot_ms = after_last_ms.max(free_ms).max(now_ms);
        let wait_ms = (slot_ms - now_ms).min(FURTHEST_MS);
        // `Retry-After` knows whole seconds only; to come early would be in vain.
        let seconds = (wait_ms / 1000.0).ceil().max(1.0);
        if slot_ms - now_ms <= FURTHEST_MS {
            self.taken_ms.push_back(slot_ms);
            let back_ms = now_ms + seconds * 1000.0;
            let place = self.awaited_ms.partition_point(|&at_ms| at_ms <= back_ms);
            self.awaited_ms.insert(place, back_ms);
        }
        seconds as u32
    }
}

/// Drops what was before `since_ms`.
fn forget(times_ms: &mut VecDeque<f64>, since_ms: f64) {
    let gone = times_ms.partition_point(|&at_ms| at_ms <= since_ms);
    times_ms.drain(..gone);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When `count` requests that come in one second pass, in order, if each
    /// comes back when it is told to and `late_ms` takes its way.
    fn passed_ms(slots: &mut Slots, count: usize, late_ms: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut waiting: Vec<(f64, usize)> = (0..count)
            .map(|page| (1000.0 * page as f64 / count as f64, page))
            .collect();
        let mut passed = Vec::new();
        while !waiting.is_empty() {
            waiting.sort_by(|one, other| other.0.total_cmp(&one.0));
            let (now_ms, page) = waiting.pop().expect("it is not empty");
            match slots.enter(now_ms) {
                Ok(()) => passed.push(now_ms),
                Err(s) => waiting.push((now_ms + f64::from(s) * 1000.0 + late_ms(page), page)),
            }
        }
        passed
    }

    #[test]
    fn as_many_as_the_quota_holds_pass_at_once() {
        let mut slots = Slots::new(30);
        assert!((0..30).all(|_| slots.enter(0.0).is_ok()));
        assert_eq!(slots.enter(100.0), Err(60));
        assert_eq!(slots.enter(100.0), Err(62));
        assert_eq!(slots.enter(100.0), Err(64));
    }

    #[test]
    fn a_crowd_comes_back_at_the_rate_of_the_quota_and_nobody_twice() {
        for (quota, count) in [(1, 5), (30, 100), (100, 400), (500, 1000)] {
            let mut slots = Slots::new(quota);
            let late_ms = |page: usize| (page % 7) as f64 * 30.0;
            let passed = passed_ms(&mut slots, count, late_ms);
            assert_eq!(passed.len(), count);
            let rate_ms = SLACK * MINUTE_MS / quota as f64;
            // A second for the rounding, another for the burst itself.
            let last_ms = MINUTE_MS + rate_ms * (count - quota) as f64 + 2_200.0;
            assert!(passed[count - 1] <= last_ms, "{quota}: {passed:?}");
            // Who rounds up by a second comes with those of that second.
            let most = quota + (2_000.0 / rate_ms).ceil() as usize;
            for (index, &at_ms) in passed.iter().enumerate() {
                let inside = passed[index..].partition_point(|&later| later < at_ms + MINUTE_MS);
                assert!(inside <= most, "{quota}: {inside} in a minute");
            }
        }
    }

    #[test]
    fn unscheduled_requests_do_not_jump_the_queue() {
        let mut slots = Slots::new(1);
        assert_eq!(slots.enter(0.0), Ok(()));
        assert_eq!(slots.enter(1_000.0), Err(60));
        assert_eq!(slots.enter(60_500.0), Err(61), "the slot is another's");
        assert_eq!(slots.enter(61_000.0), Ok(()));
    }

    #[test]
    fn a_slot_that_nobody_came_for_is_lost_after_a_while_and_no_more_than_that() {
        let mut slots = Slots::new(2);
        assert!(slots.enter(0.0).is_ok() && slots.enter(0.0).is_ok());
        assert_eq!(slots.enter(0.0), Err(60));
        // Of the next minute, one request is still there.
        assert_eq!(slots.enter(75_000.0), Ok(()));
        assert_eq!(slots.enter(75_000.0), Err(45));
    }

    #[test]
    fn what_the_api_refused_took_nothing_and_goes_on_at_the_rate_of_the_quota() {
        let mut slots = Slots::new(60);
        assert!((0..40).all(|_| slots.enter(0.0).is_ok()));
        let waits: Vec<u32> = (0..40).map(|_| slots.refused(500.0)).collect();
        assert!(
            waits.is_sorted() && waits[0] == 1 && waits[39] == 40,
            "{waits:?}"
        );
    }

    #[test]
    fn nobody_is_sent_further_away_than_clients_wait() {
        let mut slots = Slots::new(1);
        let waits: Vec<Result<(), u32>> = (0..1_000).map(|_| slots.enter(0.0)).collect();
        assert!(waits.iter().all(|wait| wait.is_ok() || *wait <= Err(300)));
        assert!(slots.taken_ms.len() < 10 && slots.awaited_ms.len() < 10);
    }
}
