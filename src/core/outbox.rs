//! The outbox: which unsent recordings are kept, and for how long.
//!
//! Recordings may be of children, so none is kept longer than intended. A user will not say the
//! sentence twice, so no recording is removed because sending it failed.

use crate::core::format::push_hex;

/// The default time for which a recording is kept, in milliseconds: 7 days.
pub const DEFAULT_TTL_MS: f64 = 7.0 * 24.0 * 3_600_000.0;
/// The default size of the outbox, in bytes: 50 MB.
pub const DEFAULT_MAX_BYTES: f64 = 50_000_000.0;

/// The limits of one outbox.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutboxLimits {
    /// `ttlMs`: the time for which a recording is kept, in milliseconds.
    pub ttl_ms: f64,
    /// `maxBytes`: the size of all recordings together, in bytes.
    pub max_bytes: f64,
}

impl Default for OutboxLimits {
    fn default() -> Self {
        OutboxLimits {
            ttl_ms: DEFAULT_TTL_MS,
            max_bytes: DEFAULT_MAX_BYTES,
        }
    }
}

impl OutboxLimits {
    /// True if a recording that was stored at `created_ms` has to be removed at `now_ms` (both
    /// since the Unix epoch).
    ///
    /// A time in the future comes from a clock that was wrong, and counts by its distance.
    /// Otherwise the recording would be kept for as long as the clock was wrong by. NaN is always
    /// expired.
    pub fn is_expired(&self, created_ms: f64, now_ms: f64) -> bool {
        let age_ms = (now_ms - created_ms).abs();
        age_ms.is_nan() || age_ms >= self.ttl_ms
    }

    fn should_drop(&self, entry: &OutboxEntry, now_ms: f64) -> bool {
        !entry.is_busy && self.is_expired(entry.created_ms, now_ms)
    }
}

/// A stored recording, as far as the decisions need it.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxEntry {
    /// The id.
    pub id: String,
    /// The time at which it was stored, in milliseconds since the Unix epoch.
    pub created_ms: f64,
    /// The size of audio and text, in bytes.
    pub bytes: f64,
    /// Whether the recording is being sent at the moment, by this or by another tab.
    pub is_busy: bool,
}

/// Returns the entries that have expired. An entry that is being sent is kept until its result is
/// known.
pub fn expired<'a>(
    entries: &'a [OutboxEntry],
    limits: &'a OutboxLimits,
    now_ms: f64,
) -> impl Iterator<Item = &'a OutboxEntry> {
    entries
        .iter()
        .filter(move |entry| limits.should_drop(entry, now_ms))
}

/// Sorts `recordings` by the time at which they were stored.
///
/// There is only a handful: the standard library's sort would be a large part of the wasm for
/// nothing.
pub fn oldest_first<T>(
    recordings: impl IntoIterator<Item = T>,
    created_ms: impl Fn(&T) -> f64,
) -> Vec<T> {
    let mut sorted: Vec<T> = Vec::new();
    for recording in recordings {
        let ms = created_ms(&recording);
        let at = sorted.partition_point(|other| created_ms(other).total_cmp(&ms).is_le());
        sorted.insert(at, recording);
    }
    sorted
}

/// The entries to remove before another recording is stored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EvictionPlan {
    /// The ids of the expired entries.
    pub expired: Vec<String>,
    /// The ids of the entries that are removed to make room, oldest first.
    pub evicted: Vec<String>,
    /// Whether there is room afterwards. If not, nothing is evicted.
    pub has_room: bool,
}

/// Decides what to remove so that `incoming` bytes fit.
pub fn plan_eviction(
    entries: &[OutboxEntry],
    incoming: f64,
    limits: &OutboxLimits,
    now_ms: f64,
) -> EvictionPlan {
    let mut room = EvictionPlan::default();
    let mut staying = Vec::new();
    let mut total = incoming;
    for entry in entries {
        if limits.should_drop(entry, now_ms) {
            room.expired.push(entry.id.clone());
        } else {
            total += entry.bytes;
            staying.push(entry);
        }
    }
    let mut evicted = Vec::new();
    let staying = oldest_first(staying, |entry| entry.created_ms);
    for entry in staying.iter().filter(|entry| !entry.is_busy) {
        if total <= limits.max_bytes {
            break;
        }
        total -= entry.bytes;
        evicted.push(entry.id.clone());
    }
    room.has_room = total <= limits.max_bytes;
    if room.has_room {
        room.evicted = evicted;
    }
    room
}

/// The state of a stored recording that is not being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadState {
    /// The recording may be sent again.
    Unsent,
    /// The server has rejected the recording, and would reject the same bytes again.
    Rejected,
}

impl UploadState {
    /// The literal of the JavaScript field `state`.
    pub const fn as_str(self) -> &'static str {
        match self {
            UploadState::Unsent => "unsent",
            UploadState::Rejected => "rejected",
        }
    }

    /// Returns the state after a failure with this HTTP status, if there was a response. Either way
    /// the recording is kept: only the caller may remove it.
    pub const fn after(status: Option<u16>) -> Self {
        match status {
            Some(400 | 413) => UploadState::Rejected,
            // A key, credits, a proxy or a connection can be repaired.
            _ => UploadState::Unsent,
        }
    }
}

/// Returns a random UUID ([RFC 9562, 5.4](https://www.rfc-editor.org/rfc/rfc9562#section-5.4)) made
/// of these random bytes. `crypto.randomUUID` is missing in pages that are not served over https.
pub fn uuid(mut random: [u8; 16]) -> String {
    random[6] = random[6] & 0x0f | 0x40;
    random[8] = random[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (at, byte) in random.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        push_hex(&mut text, *byte);
    }
    text
}
