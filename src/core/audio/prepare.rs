//! Prepares mono samples as 16-bit PCM for the API, block by block.

use crate::core::audio::analysis::{Analyzer, AudioAnalysis};
use crate::core::audio::format::{API_SAMPLE_RATE, MIN_SAMPLE_RATE};
use crate::core::audio::quantize::Quantizer;
use crate::core::audio::resample::Resampler;
use crate::core::audio::vad::SampleRange;
use crate::core::audio::wav::{HEADER_BYTES, header};
use crate::core::error::failure::Failure;

/// The length of one 16-bit sample, in bytes.
const SAMPLE_BYTES: usize = 2;

/// Resamples, analyzes and quantizes.
#[derive(Debug)]
pub struct Preparer {
    /// `None` at 16 kHz and below: audio is never upsampled.
    resampler: Option<Resampler>,
    analyzer: Analyzer,
    quantizer: Quantizer,
    resampled: Vec<f32>,
    rate: u32,
}

/// The result of preparing a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct PreparedPcm {
    /// The sample rate, in Hz.
    pub sample_rate: u32,
    /// The analysis of the range.
    pub analysis: AudioAnalysis,
    /// The samples to keep. All others are silence around them.
    pub range: SampleRange,
}

impl PreparedPcm {
    /// Creates the result for a whole recording. With `trim`, the silence around the speech is left
    /// out.
    pub fn new(sample_rate: u32, analysis: AudioAnalysis, trim: bool) -> Self {
        let kept = if trim {
            analysis.trimmed_range()
        } else {
            analysis.whole()
        };
        PreparedPcm {
            sample_rate,
            analysis: analysis.trimmed(kept),
            range: kept,
        }
    }

    /// The time that was cut off at the start, in seconds.
    pub fn offset_seconds(&self) -> f64 {
        self.range.start as f64 / f64::from(self.sample_rate)
    }

    /// Returns the start and the end of the range in data with frames of `frame_bytes`, in bytes.
    pub fn byte_range(&self, frame_bytes: u64) -> (u64, u64) {
        let at = |sample: usize| sample as u64 * frame_bytes;
        (at(self.range.start), at(self.range.end))
    }

    /// Returns the header of a file with this many channels.
    pub fn header(&self, channels: u16) -> [u8; HEADER_BYTES] {
        let (start, end) = self.byte_range(u64::from(channels) * SAMPLE_BYTES as u64);
        header(self.sample_rate, channels, end - start)
    }
}

impl Preparer {
    /// Creates a preparer for mono audio at `rate` Hz, from 8,000 to 192,000. `is_16_bit` says that
    /// the samples were read from 16 bits or fewer, and not changed since.
    pub fn new(rate: u32, is_16_bit: bool) -> Result<Self, Failure> {
        let resampler = Resampler::new(rate);
        if resampler.is_none() && !(MIN_SAMPLE_RATE..=API_SAMPLE_RATE).contains(&rate) {
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
            analyzer: Analyzer::new(rate),
            resampled: Vec::new(),
            rate,
        })
    }

    /// Prepares the next samples, full scale being ±1, and appends the result to `pcm`: 16-bit
    /// little-endian samples.
    pub fn push(&mut self, mono: &[f32], pcm: &mut Vec<u8>) {
        match &mut self.resampler {
            Some(resampler) => {
                resampler.push(mono, &mut self.resampled);
                self.analyzer.push(&self.resampled);
                self.quantizer.write(&self.resampled, pcm);
                self.resampled.clear();
            }
            None => {
                self.analyzer.push(mono);
                self.quantizer.write(mono, pcm);
            }
        }
    }

    /// Appends the last samples to `pcm`, and returns the result. With `trim`, the silence around
    /// the speech is left out.
    pub fn finish(mut self, trim: bool, pcm: &mut Vec<u8>) -> Result<PreparedPcm, Failure> {
        if let Some(resampler) = self.resampler.take() {
            resampler.finish(&mut self.resampled);
            self.analyzer.push(&self.resampled);
            self.quantizer.write(&self.resampled, pcm);
        }
        let analysis = self.analyzer.finish();
        if analysis.duration_seconds == 0.0 {
            return Err(Failure::audio("empty", "the recording holds no samples"));
        }
        Ok(PreparedPcm::new(self.rate, analysis, trim))
    }
}
