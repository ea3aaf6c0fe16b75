//! Mono samples in, what a WAV for the API holds out, block by block.

use crate::core::audio::analysis::{Listener, Quality};
use crate::core::audio::format::API_SAMPLE_RATE;
use crate::core::audio::quantize::Quantizer;
use crate::core::audio::resample::Resampler;
use crate::core::audio::vad::Stretch;
use crate::core::audio::wav::{HEADER_BYTES, header};
use crate::core::error::failure::Failure;

/// The lowest rate that is taken, in Hz; telephones use it.
pub const LOWEST_RATE: u32 = 8_000;

/// The length of one 16-bit sample, in bytes.
const SAMPLE_BYTES: usize = 2;

/// Resamples, listens and quantizes.
#[derive(Debug)]
pub struct Preparer {
    /// `None` at 16 kHz and below: never upsample.
    resampler: Option<Resampler>,
    listener: Listener,
    quantizer: Quantizer,
    resampled: Vec<f32>,
    rate: u32,
}

/// What is known of a take when all of it has been through.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// Its rate, in Hz.
    pub sample_rate: u32,
    /// What it is like.
    pub quality: Quality,
    /// The samples that are to be kept; the others are silence around them.
    pub kept: Stretch,
}

impl Prepared {
    /// The take, from all that the [`Preparer`] gave; with `trim`, without the
    /// silence around its speech.
    pub fn new(sample_rate: u32, quality: Quality, trim: bool) -> Self {
        let kept = if trim {
            quality.kept()
        } else {
            quality.whole()
        };
        Prepared {
            sample_rate,
            quality: quality.trimmed(kept),
            kept,
        }
    }

    /// What was cut off the start, in seconds.
    pub fn offset_seconds(&self) -> f64 {
        self.kept.start as f64 / f64::from(self.sample_rate)
    }

    /// Where the kept part of data in frames of `frame_bytes` starts and ends,
    /// in bytes.
    pub fn kept_bytes(&self, frame_bytes: u64) -> (u64, u64) {
        let at = |sample: usize| sample as u64 * frame_bytes;
        (at(self.kept.start), at(self.kept.end))
    }

    /// The header of the file, which has `channels`.
    pub fn header(&self, channels: u16) -> [u8; HEADER_BYTES] {
        let (start, end) = self.kept_bytes(u64::from(channels) * SAMPLE_BYTES as u64);
        header(self.sample_rate, channels, end - start)
    }
}

impl Preparer {
    /// For mono audio at `rate` Hz, 8,000 to 192,000. `is_16_bit` says that its
    /// samples were read from 16 bits or fewer, and not changed since.
    pub fn new(rate: u32, is_16_bit: bool) -> Result<Self, Failure> {
        let resampler = Resampler::new(rate);
        if resampler.is_none() && !(LOWEST_RATE..=API_SAMPLE_RATE).contains(&rate) {
            return Err(Failure::audio(
                "undecodable",
                "the audio has a sample rate that is not from 8,000 to 192,000 Hz",
            ));
        }
        let rate = rate.min(API_SAMPLE_RATE);
        Ok(Preparer {
            quantizer: match resampler {
                None if is_16_bit => Quantizer::exact(),
                _ => Quantizer::dithered(),
            },
            resampler,
            listener: Listener::new(rate),
            resampled: Vec::new(),
            rate,
        })
    }

    /// Takes the next samples, full scale being ±1, and appends what comes of
    /// them to `pcm`: 16-bit little-endian samples.
    pub fn push(&mut self, mono: &[f32], pcm: &mut Vec<u8>) {
        match &mut self.resampler {
            Some(resampler) => {
                resampler.push(mono, &mut self.resampled);
                self.listener.push(&self.resampled);
                self.quantizer.write(&self.resampled, pcm);
                self.resampled.clear();
            }
            None => {
                self.listener.push(mono);
                self.quantizer.write(mono, pcm);
            }
        }
    }

    /// Appends the last samples to `pcm`, and says what is to be kept of all;
    /// with `trim`, not the silence around the speech.
    pub fn finish(mut self, trim: bool, pcm: &mut Vec<u8>) -> Result<Prepared, Failure> {
        if let Some(resampler) = self.resampler.take() {
            resampler.finish(&mut self.resampled);
            self.listener.push(&self.resampled);
            self.quantizer.write(&self.resampled, pcm);
        }
        let quality = self.listener.finish();
        if quality.duration_seconds == 0.0 {
            return Err(Failure::audio("empty", "the recording holds no samples"));
        }
        Ok(Prepared::new(self.rate, quality, trim))
    }
}
