//! The part of a file that is in memory.

/// Why a step of a reader could not be finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pause {
    /// These bytes of the file are needed first.
    More { at: u64, length: usize },
    /// The file ends before the bytes that it promises.
    End,
    /// The bytes are not what they should be.
    Broken(&'static str),
    /// The file may be intact, but is of a kind that is not known here.
    Unsupported(String),
}

/// The largest piece that a reader may ask for. A packet or an index that claims
/// to be larger is taken for damage.
pub(crate) const MOST_BYTES: usize = 64 << 20;

/// A window on the file. Readers ask for any part of the file; where the window does
/// not hold it, [`Pause::More`] says which window is needed.
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

    /// Moves the window. Fewer bytes than were asked for are the end of the file.
    pub(crate) fn supply(&mut self, at: u64, asked: usize, bytes: Vec<u8>) {
        if bytes.len() < asked {
            self.total = self.total.min(at + bytes.len() as u64);
        }
        self.start = at;
        self.bytes = bytes;
    }

    /// Returns `length` bytes at `at`.
    pub(crate) fn get(&self, at: u64, length: usize) -> Result<&[u8], Pause> {
        let end = at.saturating_add(length as u64);
        if end > self.total {
            return Err(Pause::End);
        }
        if length > MOST_BYTES {
            return Err(Pause::Broken("a piece of it claims to be too large"));
        }
        let found = at.checked_sub(self.start).and_then(|offset| {
            let offset = usize::try_from(offset).ok()?;
            self.bytes.get(offset..offset.checked_add(length)?)
        });
        found.ok_or(Pause::More { at, length })
    }

    /// Returns the bytes at `at`: `length` of them, or what there is up to `end`.
    pub(crate) fn up_to(&self, at: u64, length: usize, end: u64) -> Result<&[u8], Pause> {
        let end = end.min(self.total);
        let length = end.saturating_sub(at).min(length as u64) as usize;
        self.get(at.min(self.total), length)
    }
}

/// The big-endian number in up to eight bytes.
pub(crate) fn be(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// The little-endian number in up to eight bytes.
pub(crate) fn le(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// Walks through bytes that are all in memory. Behind their end, everything is zero
/// and `is_over` is true.
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
