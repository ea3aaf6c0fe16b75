//! References: the analyses of native speakers' recordings.

use crate::core::format::push_hex;

/// The default number of references in the cache.
pub const DEFAULT_MAX_ENTRIES: usize = 500;

/// The option `references`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReferenceOptions {
    /// `persist`: whether references are stored beyond the page.
    pub persist: bool,
    /// `maxEntries`: the maximum number of references.
    pub max_entries: usize,
}

impl Default for ReferenceOptions {
    fn default() -> Self {
        ReferenceOptions {
            persist: false,
            max_entries: DEFAULT_MAX_ENTRIES,
        }
    }
}

/// Returns the cache key of a reference: the SHA-256 of the audio that is sent, and the sentence.
/// Two sentences never share a key, nor do two recordings.
pub fn key(sha256: &[u8], gold_text: &str) -> String {
    let mut key = String::with_capacity(sha256.len() * 2 + 1 + gold_text.len());
    for byte in sha256 {
        push_hex(&mut key, *byte);
    }
    key.push(':');
    key.push_str(gold_text);
    key
}

/// A cache that evicts the least recently used value.
#[derive(Debug)]
pub struct LruCache<T> {
    capacity: usize,
    /// Least recently used first. A page has a few hundred at most, so a linear search is enough.
    values: Vec<(String, T)>,
}

impl<T> LruCache<T> {
    /// Creates a cache for `capacity` values, at least one.
    pub fn new(capacity: usize) -> Self {
        LruCache {
            capacity: capacity.max(1),
            values: Vec::new(),
        }
    }

    /// Returns the value of `key` and marks it as used.
    pub fn get(&mut self, key: &str) -> Option<&T> {
        let at = self.position(key)?;
        let value = self.values.remove(at);
        self.values.push(value);
        self.values.last().map(|(_, value)| value)
    }

    /// True if there is a value of `key`. Does not mark it as used.
    pub fn has(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// Stores `value` under `key`, in place of any other.
    pub fn put(&mut self, key: String, value: T) {
        self.remove(&key);
        if self.values.len() >= self.capacity {
            self.values.remove(0);
        }
        self.values.push((key, value));
    }

    /// Removes the value of `key`. Returns whether there was one.
    pub fn remove(&mut self, key: &str) -> bool {
        match self.position(key) {
            Some(at) => {
                self.values.remove(at);
                true
            }
            None => false,
        }
    }

    /// Removes all values.
    pub fn clear(&mut self) {
        self.values.clear();
    }

    fn position(&self, key: &str) -> Option<usize> {
        self.values.iter().position(|(known, _)| known == key)
    }
}
