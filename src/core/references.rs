//! References: what is known of a native speaker's recording, once it was
//! analysed.

use crate::core::format::push_hex;

/// How many references are remembered unless the caller says otherwise.
pub const DEFAULT_MAX_ENTRIES: usize = 500;

/// `references`, as the client was given it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReferenceOptions {
    /// `persist`: whether they outlast the page.
    pub persist: bool,
    /// `maxEntries`: how many there may be.
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

/// Under what a reference is remembered: the SHA-256 of the audio that is sent,
/// and the sentence. Two sentences never share a key, nor do two recordings.
pub fn key(sha256: &[u8], gold_text: &str) -> String {
    let mut key = String::with_capacity(sha256.len() * 2 + 1 + gold_text.len());
    for byte in sha256 {
        push_hex(&mut key, *byte);
    }
    key.push(':');
    key.push_str(gold_text);
    key
}

/// Remembers so many values; what was not used for the longest time is
/// forgotten first.
#[derive(Debug)]
pub struct LruCache<T> {
    most: usize,
    /// Least recently used first. A page has some hundreds at the most, so
    /// they are searched one by one.
    values: Vec<(String, T)>,
}

impl<T> LruCache<T> {
    /// A memory for `most` values, or for one.
    pub fn new(most: usize) -> Self {
        LruCache {
            most: most.max(1),
            values: Vec::new(),
        }
    }

    /// The value of `key`, which is thereby used.
    pub fn get(&mut self, key: &str) -> Option<&T> {
        let at = self.position(key)?;
        let value = self.values.remove(at);
        self.values.push(value);
        self.values.last().map(|(_, value)| value)
    }

    /// Whether there is a value of `key`; it does not count as used.
    pub fn has(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// Remembers `value`, in place of what `key` had.
    pub fn put(&mut self, key: String, value: T) {
        self.forget(&key);
        if self.values.len() >= self.most {
            self.values.remove(0);
        }
        self.values.push((key, value));
    }

    /// Forgets the value of `key`; says whether there was one.
    pub fn forget(&mut self, key: &str) -> bool {
        match self.position(key) {
            Some(at) => {
                self.values.remove(at);
                true
            }
            None => false,
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.values.clear();
    }

    fn position(&self, key: &str) -> Option<usize> {
        self.values.iter().position(|(known, _)| known == key)
    }
}
