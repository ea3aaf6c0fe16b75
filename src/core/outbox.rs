//! The outbox: which unsent recordings stay, and what becomes of them.
//!
//! They may be recordings of children, so nothing stays longer than it was
//! meant to; and a speaker will not say it twice, so nothing is dropped because
//! sending it failed.

use crate::core::format::push_hex;

/// How long a recording stays unless the caller says otherwise, in
/// milliseconds: 7 days.
pub const DEFAULT_TTL_MS: f64 = 7.0 * 24.0 * 3_600_000.0;
/// How much the outbox holds unless the caller says otherwise, in bytes: 50 MB.
pub const DEFAULT_MAX_BYTES: f64 = 50_000_000.0;

/// The bounds of one outbox.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutboxLimits {
    /// `ttlMs`: how long a recording stays, in milliseconds.
    pub ttl_ms: f64,
    /// `maxBytes`: how much there may be in all, in bytes.
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
    /// Whether what was stored at `created_ms` has to go at `now_ms` (both since
    /// the Unix epoch). A time in the future is the work of a clock that was
    /// wrong; it counts by its distance, or it would stay for as long as the
    /// clock was wrong by. No time at all is past every limit.
    pub fn is_expired(&self, created_ms: f64, now_ms: f64) -> bool {
        let age_ms = (now_ms - created_ms).abs();
        age_ms.is_nan() || age_ms >= self.ttl_ms
    }

    fn should_drop(&self, entry: &OutboxEntry, now_ms: f64) -> bool {
        !entry.is_busy && self.is_expired(entry.created_ms, now_ms)
    }
}

/// What the decisions need to know of a stored recording.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxEntry {
    /// Its id.
    pub id: String,
    /// When it was stored, in milliseconds since the Unix epoch.
    pub created_ms: f64,
    /// What it takes, audio and text, in bytes.
    pub bytes: f64,
    /// Whether it is being sent at the moment, here or in another tab.
    pub is_busy: bool,
}

/// What has to go because its time is over. What is being sent stays until
/// that is decided.
pub fn expired<'a>(
    entries: &'a [OutboxEntry],
    limits: &'a OutboxLimits,
    now_ms: f64,
) -> impl Iterator<Item = &'a OutboxEntry> {
    entries
        .iter()
        .filter(move |entry| limits.should_drop(entry, now_ms))
}

/// All of `recordings`, by when they were stored.
///
/// They are a handful: sorting as the standard library does it would be a large
/// part of the wasm for nothing.
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

/// What has to happen before another recording is stored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EvictionPlan {
    /// The ids of those whose time is over.
    pub expired: Vec<String>,
    /// The ids of those that make room, oldest first.
    pub evicted: Vec<String>,
    /// Whether there is room then. If not, nothing is evicted in vain.
    pub has_room: bool,
}

/// Makes room for `incoming` bytes.
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

/// What is known of a stored recording that is not being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadState {
    /// It may be sent again.
    Unsent,
    /// The server has judged it, and will judge the same bytes the same way.
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

    /// After a failure with this HTTP status, if an answer came. It is kept in
    /// either case: whether a recording is thrown away is the caller's to say.
    pub const fn after(status: Option<u16>) -> Self {
        match status {
            Some(400 | 413) => UploadState::Rejected,
            // A key, credits, a proxy or a connection can be mended.
            _ => UploadState::Unsent,
        }
    }
}

/// A random UUID ([RFC 9562, 5.4](https://www.rfc-editor.org/rfc/rfc9562#section-5.4))
/// of these random bytes. `crypto.randomUUID` is missing where a page is not
/// served over https.
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
