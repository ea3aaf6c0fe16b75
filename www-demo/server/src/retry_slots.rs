//! Assigns to each request above the quota a time of its own at which to retry. Only a proxy can do
//! that, because it sees the requests of all pages that share a key.
//!
//! Requests within the quota pass at once. Every other request gets the next free slot, and retries
//! then because of `Retry-After`. All clients together thus send at the rate of the quota, first
//! come, first served. A new request does not pass while earlier ones wait for their slots.
//!
//! The caller passes the time, so that tests need no clock.

use std::collections::VecDeque;

/// The period of the quota, in milliseconds.
const MINUTE_MS: f64 = 60_000.0;

/// The factor by which slots are further apart than the quota requires. Without it, requests that
/// come slightly late would use up the next minute's quota.
const SLACK: f64 = 1.005;

/// The time for which a slot stays reserved, in milliseconds, because the upload takes some time.
const GRACE_MS: f64 = 10_000.0;

/// The furthest slot that is reserved, in milliseconds from now. It bounds the memory, and clients
/// do not wait for longer anyway.
const FURTHEST_MS: f64 = 300_000.0;

/// The slots of one key.
#[derive(Debug, Clone)]
pub(crate) struct RetrySlots {
    per_minute: usize,
    /// The times that count against the quota, in order: of admitted requests, and of slots.
    taken_ms: VecDeque<f64>,
    /// The times at which the clients with a slot retry, in order.
    awaited_ms: VecDeque<f64>,
}

impl RetrySlots {
    /// Creates slots for this many requests per minute, at least one.
    pub(crate) fn new(per_minute: usize) -> Self {
        RetrySlots {
            per_minute: per_minute.max(1),
            taken_ms: VecDeque::new(),
            awaited_ms: VecDeque::new(),
        }
    }

    /// Admits a request at `now_ms` (of any monotonic clock). The error is the time in seconds
    /// after which to retry.
    pub(crate) fn admit(&mut self, now_ms: f64) -> Result<(), u32> {
        drop_until(&mut self.taken_ms, now_ms - MINUTE_MS);
        drop_until(&mut self.awaited_ms, now_ms - GRACE_MS);
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
        Err(self.reserve_next(now_ms))
    }

    /// Returns the time in seconds after which to retry a request that was admitted here and then
    /// rejected by the API, which counts in another way or is out of order. The request no longer
    /// counts against the quota.
    pub(crate) fn reject(&mut self, now_ms: f64) -> u32 {
        let passed = self.taken_ms.partition_point(|&at_ms| at_ms <= now_ms);
        if passed > 0 {
            self.taken_ms.remove(passed - 1);
        }
        self.reserve_next(now_ms)
    }

    fn reserve_next(&mut self, now_ms: f64) -> u32 {
        let apart_ms = SLACK * MINUTE_MS / self.per_minute as f64;
        let after_last_ms = self
            .taken_ms
            .back()
            .map_or(now_ms, |at_ms| at_ms + apart_ms);
        let full = self.taken_ms.len().checked_sub(self.per_minute);
        let free_ms = full.map_or(now_ms, |index| self.taken_ms[index] + MINUTE_MS);
        let slot_ms = after_last_ms.max(free_ms).max(now_ms);
        let wait_ms = (slot_ms - now_ms).min(FURTHEST_MS);
        // `Retry-After` has whole seconds. A client that retries early would be rejected again.
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

/// Removes the times up to `since_ms`.
fn drop_until(times_ms: &mut VecDeque<f64>, since_ms: f64) {
    let gone = times_ms.partition_point(|&at_ms| at_ms <= since_ms);
    times_ms.drain(..gone);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the times at which `count` requests are admitted, in order. They arrive within one
    /// second, and each retries when it should, plus `late_ms`.
    fn passed_ms(slots: &mut RetrySlots, count: usize, late_ms: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut waiting: Vec<(f64, usize)> = (0..count)
            .map(|page| (1000.0 * page as f64 / count as f64, page))
            .collect();
        let mut passed = Vec::new();
        while !waiting.is_empty() {
            waiting.sort_by(|one, other| other.0.total_cmp(&one.0));
            let (now_ms, page) = waiting.pop().expect("it is not empty");
            match slots.admit(now_ms) {
                Ok(()) => passed.push(now_ms),
                Err(s) => waiting.push((now_ms + f64::from(s) * 1000.0 + late_ms(page), page)),
            }
        }
        passed
    }

    #[test]
    fn requests_within_the_quota_pass_at_once() {
        let mut slots = RetrySlots::new(30);
        assert!((0..30).all(|_| slots.admit(0.0).is_ok()));
        assert_eq!(slots.admit(100.0), Err(60));
        assert_eq!(slots.admit(100.0), Err(62));
        assert_eq!(slots.admit(100.0), Err(64));
    }

    #[test]
    fn a_burst_retries_at_the_rate_of_the_quota_and_each_request_once() {
        for (quota, count) in [(1, 5), (30, 100), (100, 400), (500, 1000)] {
            let mut slots = RetrySlots::new(quota);
            let late_ms = |page: usize| (page % 7) as f64 * 30.0;
            let passed = passed_ms(&mut slots, count, late_ms);
            assert_eq!(passed.len(), count);
            let rate_ms = SLACK * MINUTE_MS / quota as f64;
            // One second for the rounding, and another for the burst.
            let last_ms = MINUTE_MS + rate_ms * (count - quota) as f64 + 2_200.0;
            assert!(passed[count - 1] <= last_ms, "{quota}: {passed:?}");
            // Retries that are rounded up to the same second arrive together.
            let most = quota + (2_000.0 / rate_ms).ceil() as usize;
            for (index, &at_ms) in passed.iter().enumerate() {
                let inside = passed[index..].partition_point(|&later| later < at_ms + MINUTE_MS);
                assert!(inside <= most, "{quota}: {inside} in a minute");
            }
        }
    }

    #[test]
    fn a_new_request_does_not_pass_those_that_wait() {
        let mut slots = RetrySlots::new(1);
        assert_eq!(slots.admit(0.0), Ok(()));
        assert_eq!(slots.admit(1_000.0), Err(60));
        assert_eq!(slots.admit(60_500.0), Err(61), "the slot is reserved");
        assert_eq!(slots.admit(61_000.0), Ok(()));
    }

    #[test]
    fn an_unused_slot_expires_and_costs_no_other_slot() {
        let mut slots = RetrySlots::new(2);
        assert!(slots.admit(0.0).is_ok() && slots.admit(0.0).is_ok());
        assert_eq!(slots.admit(0.0), Err(60));
        // One request of the next minute is left.
        assert_eq!(slots.admit(75_000.0), Ok(()));
        assert_eq!(slots.admit(75_000.0), Err(45));
    }

    #[test]
    fn requests_that_the_api_rejected_retry_at_the_rate_of_the_quota() {
        let mut slots = RetrySlots::new(60);
        assert!((0..40).all(|_| slots.admit(0.0).is_ok()));
        let waits: Vec<u32> = (0..40).map(|_| slots.reject(500.0)).collect();
        assert!(
            waits.is_sorted() && waits[0] == 1 && waits[39] == 40,
            "{waits:?}"
        );
    }

    #[test]
    fn no_wait_is_longer_than_clients_wait() {
        let mut slots = RetrySlots::new(1);
        let waits: Vec<Result<(), u32>> = (0..1_000).map(|_| slots.admit(0.0)).collect();
        assert!(waits.iter().all(|wait| wait.is_ok() || *wait <= Err(300)));
        assert!(slots.taken_ms.len() < 10 && slots.awaited_ms.len() < 10);
    }
}
