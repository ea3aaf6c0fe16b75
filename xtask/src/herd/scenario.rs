//! Which servers, and which rules.

use slots::Slots;
use thetaone_web::core::retry::RetryPolicy;

use super::page::Recipe;
use super::server::{Hint, Outage, QUOTA, Quota, Server};

/// The outage begins with the burst, where it hurts most: every page is up
/// before the server is.
const OUTAGE_MS: f64 = 60_000.0;

fn slots() -> Hint {
    Hint::Slots(Slots::new(QUOTA))
}

/// One server.
pub struct Scenario {
    pub name: &'static str,
    quota: fn() -> Quota,
    hint: fn() -> Hint,
    outage: Outage,
    back_ms: f64,
}

impl Scenario {
    const fn new(name: &'static str, quota: fn() -> Quota, hint: fn() -> Hint) -> Self {
        Scenario {
            name,
            quota,
            hint,
            outage: Outage::Status,
            back_ms: OUTAGE_MS,
        }
    }

    pub fn server(&self) -> Server {
        Server::new((self.quota)(), (self.hint)(), self.outage, self.back_ms)
    }
}

pub const WINDOW: Scenario = Scenario::new("minutes of the clock", Quota::window, || Hint::None);
pub const ROLLING: Scenario = Scenario::new("any sixty seconds", Quota::rolling, || Hint::None);
pub const SAVES_A_MINUTE: Scenario = Scenario::new(
    "token bucket that saves up a minute",
    || Quota::bucket(500),
    || Hint::None,
);
pub const SAVES_5_S: Scenario = Scenario::new(
    "token bucket that saves up 5 s",
    || Quota::bucket(42),
    || Hint::None,
);
pub const SAVES_1_S: Scenario = Scenario::new(
    "token bucket that saves up 1 s",
    || Quota::bucket(9),
    || Hint::None,
);
pub const WINDOW_RESET: Scenario = Scenario::new(
    "minutes of the clock, 429 with Retry-After",
    Quota::window,
    || Hint::Reset,
);
pub const SAVES_5_S_RESET: Scenario = Scenario::new(
    "token bucket that saves up 5 s, 429 with Retry-After",
    || Quota::bucket(42),
    || Hint::Reset,
);
pub const WINDOW_SLOTS: Scenario = Scenario::new(
    "minutes of the clock, behind a proxy that hands out slots in Retry-After",
    Quota::window,
    slots,
);
pub const SAVES_5_S_SLOTS: Scenario = Scenario::new(
    "token bucket that saves up 5 s, behind such a proxy",
    || Quota::bucket(42),
    slots,
);
pub const WINDOW_SLOTS_NO_OUTAGE: Scenario = Scenario {
    back_ms: 0.0,
    ..Scenario::new(
        "minutes of the clock, behind such a proxy, no outage (the burst itself is the peak)",
        Quota::window,
        slots,
    )
};
pub const SAVES_5_S_UNREACHABLE: Scenario = Scenario {
    outage: Outage::Connection,
    ..Scenario::new(
        "token bucket that saves up 5 s, no connection during the outage",
        || Quota::bucket(42),
        || Hint::None,
    )
};
pub const NO_OUTAGE: Scenario = Scenario {
    back_ms: 0.0,
    ..Scenario::new(
        "token bucket that saves up 5 s, no outage (the burst itself is the peak)",
        || Quota::bucket(42),
        || Hint::None,
    )
};

pub const SCENARIOS: [&Scenario; 12] = [
    &WINDOW,
    &ROLLING,
    &SAVES_A_MINUTE,
    &SAVES_5_S,
    &SAVES_1_S,
    &WINDOW_RESET,
    &SAVES_5_S_RESET,
    &WINDOW_SLOTS,
    &SAVES_5_S_SLOTS,
    &SAVES_5_S_UNREACHABLE,
    &NO_OUTAGE,
    &WINDOW_SLOTS_NO_OUTAGE,
];

/// The options of a page that must not give up, and keeps the backoff.
pub fn persistent() -> Recipe {
    Recipe::ours(30, 1000.0, 30_000.0)
}

/// The options of a page whose proxy tells it when to come back.
pub fn ten_attempts() -> Recipe {
    Recipe::ours(10, 1000.0, 30_000.0)
}

/// The options of a page that must not give up, and must not press either.
pub fn patient() -> Recipe {
    Recipe::ours(10, 60_000.0, 120_000.0)
}

/// A page that knows about how many pages share its key.
pub fn turns(pages: usize) -> Recipe {
    Recipe::taking_turns(12, pages)
}

/// The same for a key known to save up quota: half again as fast as the quota,
/// so that what was saved up is used.
pub fn brisk_turns(pages: usize) -> Recipe {
    turns(pages * 2 / 3)
}

/// The options of a page that sets none.
pub fn defaults() -> Recipe {
    Recipe::Ours(RetryPolicy::default())
}

/// All that are compared.
pub fn recipes(pages: usize) -> [(&'static str, Recipe); 10] {
    [
        ("thetaone-web, defaults", defaults()),
        ("thetaone-web, 10 attempts", ten_attempts()),
        ("thetaone-web, 30 × 1 s…30 s", persistent()),
        ("thetaone-web, 10 × 60 s…120 s", patient()),
        ("thetaone-web, taking turns", turns(pages)),
        ("thetaone-web, turns 1.5 × as fast", brisk_turns(pages)),
        ("the vendor's recipe", Recipe::Vendor),
        ("openai-node", Recipe::OpenAi),
        ("p-retry", Recipe::PRetry { randomize: false }),
        ("p-retry, randomize", Recipe::PRetry { randomize: true }),
    ]
}
