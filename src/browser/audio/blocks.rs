//! Reading long files without holding the page up.

use std::ops::Range;

use web_sys::Blob;

use crate::browser::bytes::{BLOCK_BYTES, Bytes, slice};
use crate::browser::clock::{monotonic_ms, yielded};
use crate::browser::error::Rejection;
use crate::core::audio::wav::Wav;

/// How many samples are worked on at a time.
const BLOCK_SAMPLES: usize = 16_384;
/// How long the work may hold the thread, in milliseconds: half of a frame at
/// 60 Hz, so that the page stays smooth.
const SLICE_MS: f64 = 8.0;

/// The samples of a WAV, read block by block.
pub struct Blocks {
    source: Bytes,
    wav: Wav,
    bytes: Vec<u8>,
    /// Where in `bytes` there is something to decode.
    waiting: Range<usize>,
    mono: Vec<f32>,
}

impl Blocks {
    /// At the first sample.
    pub fn new(source: &Blob, wav: Wav) -> Result<Self, Rejection> {
        Blocks::behind(Vec::new(), source, wav)
    }

    /// At the first sample of a file whose first bytes were read already, which
    /// may be all of them.
    pub fn behind(mut head: Vec<u8>, source: &Blob, wav: Wav) -> Result<Self, Rejection> {
        let end = wav.data_start + wav.data_bytes;
        let read = end.min(head.len() as u64);
        let rest = slice(source, read.max(wav.data_start), end)?;
        let least = BLOCK_BYTES.max(wav.frame_bytes() as usize);
        head.resize(head.len().max(least), 0);
        Ok(Blocks {
            source: Bytes::of(rest),
            wav,
            bytes: head,
            waiting: wav.data_start.min(read) as usize..read as usize,
            mono: Vec::new(),
        })
    }

    /// The next samples, downmixed; `None` behind the last.
    pub async fn next(&mut self) -> Result<Option<&[f32]>, Rejection> {
        let frame = self.wav.frame_bytes() as usize;
        while self.waiting.len() < frame {
            // Reads end anywhere, but blocks between frames, or the channels
            // would change places.
            self.bytes.copy_within(self.waiting.clone(), 0);
            self.waiting = 0..self.waiting.len();
            let place = &mut self.bytes[self.waiting.end..];
            match self.source.read(place).await? {
                0 => return Ok(None),
                count => self.waiting.end += count,
            }
        }
        let frames = (self.waiting.len() / frame).min(BLOCK_SAMPLES);
        let start = self.waiting.start;
        self.waiting.start += frames * frame;
        let part = &self.bytes[start..self.waiting.start];
        self.mono.clear();
        let Wav {
            coding, channels, ..
        } = self.wav;
        coding.decode(part, channels, &mut self.mono);
        Ok(Some(&self.mono))
    }
}

/// Lets the page draw and react between blocks.
pub struct Breath {
    since_ms: f64,
}

impl Breath {
    /// Work begins.
    pub fn new() -> Self {
        Breath {
            since_ms: monotonic_ms(),
        }
    }

    /// Gives the page its turn, if it is time.
    pub async fn take(&mut self) {
        if monotonic_ms() - self.since_ms >= SLICE_MS {
            yielded().await;
            self.since_ms = monotonic_ms();
        }
    }
}
