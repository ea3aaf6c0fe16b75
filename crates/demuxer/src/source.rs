//! The part of a file that is in memory.

/// The reason why a step of a reader could not be finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReadError {
    /// These bytes of the file are needed first.
    More { at: u64, length: usize },
    /// The file ends before the bytes that it promises.
    End,
    /// The bytes are invalid.
    Broken(&'static str),
    /// The format is unknown here; the file may be intact.
    Unsupported(String),
}

/// The largest piece that a reader may ask for. A packet or an index that states a larger size
/// counts as damage.
pub(crate) const MOST_BYTES: usize = 64 << 20;

/// A window of the file. Readers ask for any part of the file. If the window does not hold it,
/// [`ReadError::More`] names the window that is needed.
#[derive(Debug, Default)]
pub(crate) struct Source {
    total: u64,
    start: u64,
    bytes: Vec<u8>,
}

impl Source {
    pub(crate) fn new(total: u64) -> Self {
        Source {
            total,
            ..Source::default()
        }
    }

    /// The size of the file.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// Moves the window. Fewer bytes than were asked for mean the end of the file.
    pub(crate) fn supply(&mut self, at: u64, asked: usize, bytes: Vec<u8>) {
        if bytes.len() < asked {
            self.total = self.total.min(at + bytes.len() as u64);
        }
        self.start = at;
        self.bytes = bytes;
    }

    /// Returns `length` bytes at `at`.
    pub(crate) fn get(&self, at: u64, length: usize) -> Result<&[u8], ReadError> {
        let end = at.saturating_add(length as u64);
        if end > self.total {
            return Err(ReadError::End);
        }
        if length > MOST_BYTES {
            return Err(ReadError::Broken("a packet of it claims to be too large"));
        }
        let found = at.checked_sub(self.start).and_then(|offset| {
            let offset = usize::try_from(offset).ok()?;
            self.bytes.get(offset..offset.checked_add(length)?)
        });
        found.ok_or(ReadError::More { at, length })
    }

    /// Returns the bytes at `at`: `length` of them, or as many as there are up to `end`.
    pub(crate) fn up_to(&self, at: u64, length: usize, end: u64) -> Result<&[u8], ReadError> {
        let end = end.min(self.total);
        let length = end.saturating_sub(at).min(length as u64) as usize;
        self.get(at.min(self.total), length)
    }
}

/// Returns the big-endian number in up to eight bytes.
pub(crate) fn be(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// Returns the little-endian number in up to eight bytes.
pub(crate) fn le(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// Reads bytes that are all in memory. Beyond their end, everything is zero and `is_over` is true.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Cursor { bytes }
    }

    pub(crate) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(taken)
    }

    pub(crate) fn be(&mut self, length: usize) -> Option<u64> {
        self.take(length).map(be)
    }

    pub(crate) fn le(&mut self, length: usize) -> Option<u64> {
        self.take(length).map(le)
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes
    }
}
