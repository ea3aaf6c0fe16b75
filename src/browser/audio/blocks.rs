//! Reading long files without holding the page up.

use web_sys::Blob;

use crate::browser::blob::{BLOCK_BYTES, bytes_of, slice};
use crate::browser::clock::{monotonic_ms, yielded};
use crate::browser::error::Rejection;
use crate::core::audio::wav::Wav;

/// How many samples are worked on at a time.
const BLOCK_SAMPLES: usize = 16_384;
/// How long the work may hold the thread, in milliseconds: half of a frame at
/// 60 Hz, so that the page stays smooth.
const SLICE_MS: f64 = 8.0;

/// The samples of a WAV, read block by block.
pub struct Blocks<'a> {
    source: &'a Blob,
    wav: Wav,
    /// Where the next bytes are, from the start of the file.
    at: u64,
    bytes: Vec<u8>,
    /// How many of `bytes` were decoded.
    done: usize,
    mono: Vec<f32>,
}

impl<'a> Blocks<'a> {
    /// At the first sample.
    pub fn new(source: &'a Blob, wav: Wav) -> Self {
        Blocks {
            source,
            wav,
            at: wav.data_start,
            bytes: Vec::new(),
            done: 0,
            mono: Vec::new(),
        }
    }

    /// The next samples, downmixed; `None` behind the last.
    pub async fn next(&mut self) -> Result<Option<&[f32]>, Rejection> {
        let frame = self.wav.frame_bytes();
        if self.done == self.bytes.len() {
            let end = self.wav.data_start + self.wav.data_bytes;
            if self.at >= end {
                return Ok(None);
            }
            // Blocks end between frames, or the channels would change places.
            let block = (BLOCK_BYTES / frame).max(1) * frame;
            let next = (self.at + block).min(end);
            self.bytes = bytes_of(&slice(self.source, self.at, next)?).await?;
            self.done = 0;
            self.at = next;
        }
        let most = BLOCK_SAMPLES * frame as usize;
        let part = &self.bytes[self.done..self.bytes.len().min(self.done + most)];
        self.done += part.len();
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
