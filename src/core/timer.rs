//! The limits of browser timers.

/// The longest delay that browser timers count, in milliseconds (2³¹ − 1).
pub const MAX_DELAY_MS: f64 = 2_147_483_647.0;

/// The delay of a timer after which the page was asleep or throttled, and not only busy, in
/// milliseconds.
pub const LATE_AFTER_MS: f64 = 1_000.0;

/// The extra time after such a delay, in milliseconds. A response that has already arrived is
/// processed in it, instead of a timeout.
pub const GRACE_MS: f64 = 2_000.0;
