//! Mono samples in, a WAV for the API out, block by block.

use super::API_SAMPLE_RATE;
use super::activity::Stretch;
use super::quality::{Listener, Quality};
use super::resample::{RESAMPLED_RATES, Resampler};
use super::wav::Writer;
use crate::core::error::Failure;

/// The lowest rate that is taken, in Hz; telephones use it.
pub const LOWEST_RATE: u32 = 8_000;

/// Resamples, listens and writes.
#[derive(Debug)]
pub struct Preparer {
    /// `None` at 16 kHz and below: never upsample.
    resampler: Option<Resampler>,
    listener: Listener,
    writer: Writer,
    resampled: Vec<f32>,
    rate: u32,
}

/// A take, ready to be sent.
#[derive(Debug)]
pub struct Prepared {
    /// The WAV file.
    pub file: Vec<u8>,
    /// Its rate, in Hz.
    pub sample_rate: u32,
    /// What it is like.
    pub quality: Quality,
    /// What was cut off its start, in seconds.
    pub offset_seconds: f64,
}

impl Preparer {
    /// For mono audio at `rate` Hz, 8,000 to 192,000.
    pub fn new(rate: u32) -> Result<Self, Failure> {
        let resampler = Resampler::new(rate);
        if resampler.is_none() && !(LOWEST_RATE..=API_SAMPLE_RATE).contains(&rate) {
            return Err(Failure::audio(
                "undecodable",
                format!(
                    "the audio has {rate} Hz; rates from {LOWEST_RATE} to {} Hz can be used",
                    RESAMPLED_RATES.end()
                ),
            ));
        }
        let rate = rate.min(API_SAMPLE_RATE);
        Ok(Preparer {
            resampler,
            listener: Listener::new(rate),
            writer: Writer::new(rate),
            resampled: Vec::new(),
            rate,
        })
    }

    /// Takes the next samples, full scale being ±1.
    pub fn push(&mut self, mono: &[f32]) {
        match &mut self.resampler {
            Some(resampler) => {
                resampler.push(mono, &mut self.resampled);
                self.listener.push(&self.resampled);
                self.writer.write(&self.resampled);
                self.resampled.clear();
            }
            None => {
                self.listener.push(mono);
                self.writer.write(mono);
            }
        }
    }

    /// The whole take; with `trim`, without the silence around its speech.
    pub fn finish(mut self, trim: bool) -> Result<Prepared, Failure> {
        if let Some(resampler) = self.resampler.take() {
            resampler.finish(&mut self.resampled);
            self.listener.push(&self.resampled);
            self.writer.write(&self.resampled);
        }
        let mut quality = self.listener.finish();
        if quality.duration_seconds == 0.0 {
            return Err(Failure::audio("empty", "the recording holds no samples"));
        }
        let mut kept = Stretch {
            start: 0,
            end: usize::MAX,
        };
        if trim {
            kept = quality.kept();
            self.writer.keep(kept);
            quality = quality.trimmed(kept);
        }
        Ok(Prepared {
            file: self.writer.finish(),
            sample_rate: self.rate,
            quality,
            offset_seconds: kept.start as f64 / f64::from(self.rate),
        })
    }
}
