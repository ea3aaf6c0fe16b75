//! The API as it might be. Its documentation gives a number of requests a
//! minute and nothing else, so each way of counting them is a model of its own.

use std::collections::VecDeque;

use slots::Slots;

/// The quota of the plan Pro, requests a minute.
pub const QUOTA: usize = 500;
const MINUTE_MS: f64 = 60_000.0;
/// How long a token of the bucket takes to come back.
pub const REFILL_MS: f64 = MINUTE_MS / QUOTA as f64;

/// How the requests of a minute are counted. Refused ones do not count.
#[derive(Clone, Debug)]
pub enum Quota {
    /// So many in each minute of the clock.
    Window { minute: f64, used: usize },
    /// So many in any sixty seconds.
    Rolling { granted_ms: VecDeque<f64> },
    /// One every 120 ms, and up to `burst` saved up.
    Bucket { burst: f64, tokens: f64, at_ms: f64 },
}

impl Quota {
    pub fn window() -> Self {
        Quota::Window {
            minute: 0.0,
            used: 0,
        }
    }

    pub fn rolling() -> Self {
        Quota::Rolling {
            granted_ms: VecDeque::new(),
        }
    }

    pub fn bucket(burst: usize) -> Self {
        Quota::Bucket {
            burst: burst as f64,
            tokens: burst as f64,
            at_ms: 0.0,
        }
    }

    /// Grants a request at `now_ms`, or says in how many milliseconds the next
    /// one can be granted.
    pub fn take(&mut self, now_ms: f64) -> Result<(), f64> {
        match self {
            Quota::Window { minute, used } => {
                let this = (now_ms / MINUTE_MS).floor();
                if this > *minute {
                    (*minute, *used) = (this, 0);
                }
                if *used >= QUOTA {
                    return Err((*minute + 1.0) * MINUTE_MS - now_ms);
                }
                *used += 1;
            }
            Quota::Rolling { granted_ms } => {
                while granted_ms
                    .front()
                    .is_some_and(|&first| now_ms >= first + MINUTE_MS)
                {
                    granted_ms.pop_front();
                }
                if granted_ms.len() >= QUOTA {
                    return Err(granted_ms[0] + MINUTE_MS - now_ms);
                }
                granted_ms.push_back(now_ms);
            }
            Quota::Bucket {
                burst,
                tokens,
                at_ms,
            } => {
                *tokens = (*tokens + (now_ms - *at_ms) / REFILL_MS).min(*burst);
                *at_ms = now_ms;
                // Sums of refills come out a hair short of a whole token.
                if *tokens < 1.0 - 1e-6 {
                    return Err((1.0 - *tokens) * REFILL_MS);
                }
                *tokens -= 1.0;
            }
        }
        Ok(())
    }
}

/// What stands in a refusal's `Retry-After`.
#[derive(Clone, Debug)]
pub enum Hint {
    /// Nothing: what the API documents.
    None,
    /// On a 429, when the next request can be granted: the same for everybody.
    Reset,
    /// On every refusal, a moment of the caller's own: www-demo/server is in
    /// front, and does what it does.
    Slots(Slots),
}

/// What a client meets while the server is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    /// Every request is answered 503.
    Status,
    /// No connection can be made.
    Connection,
}

/// What a request gets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reply {
    Done,
    Refused {
        status: u16,
        retry_after_s: Option<u32>,
    },
    Unreachable,
}

/// A server with its quota, and out from 0 to `back_ms`.
#[derive(Clone, Debug)]
pub struct Server {
    quota: Quota,
    hint: Hint,
    outage: Outage,
    pub back_ms: f64,
}

impl Server {
    pub fn new(quota: Quota, hint: Hint, outage: Outage, back_ms: f64) -> Self {
        Server {
            quota,
            hint,
            outage,
            back_ms,
        }
    }

    /// Answers a request that comes at `now_ms`.
    pub fn answer(&mut self, now_ms: f64) -> Reply {
        if let Hint::Slots(slots) = &mut self.hint
            && let Err(seconds) = slots.enter(now_ms)
        {
            return Reply::Refused {
                status: 429,
                retry_after_s: Some(seconds),
            };
        }
        let (status, wait_ms) = if now_ms < self.back_ms {
            (503, None)
        } else {
            match self.quota.take(now_ms) {
                Ok(()) => return Reply::Done,
                Err(wait_ms) => (429, Some(wait_ms)),
            }
        };
        let retry_after_s = match &mut self.hint {
            Hint::None => None,
            Hint::Reset => wait_ms.map(|ms| (ms / 1000.0).ceil() as u32),
            Hint::Slots(slots) => Some(slots.refused(now_ms)),
        };
        match (self.outage, retry_after_s) {
            // What is in front of the server can be reached all the same.
            (Outage::Connection, None) if status == 503 => Reply::Unreachable,
            _ => Reply::Refused {
                status,
                retry_after_s,
            },
        }
    }

    /// When each of the first `count` requests could be granted at the
    /// earliest, at least `apart_ms` after the one before: what clients that
    /// knew everything would get out of this server.
    pub fn best_ms(&self, count: usize, apart_ms: f64) -> Vec<f64> {
        let mut quota = self.quota.clone();
        let mut now_ms = self.back_ms;
        let mut granted = Vec::with_capacity(count);
        while granted.len() < count {
            match quota.take(now_ms) {
                Ok(()) => {
                    granted.push(now_ms);
                    now_ms += apart_ms;
                }
                // Rounding must not leave the clock where it is.
                Err(wait_ms) => now_ms += wait_ms.max(1e-3),
            }
        }
        granted
    }
}
