//! The output format of prepared audio.

use crate::core::audio::format::MediaType;
use crate::core::audio::resample::RESAMPLED_RATES;

/// The values of the option `format`.
pub const FORMATS: &[&str] = &["wav", "mp3"];

/// The values of the option `bitrateKbps`: the bit rates of MPEG-2 layer III at which speech is
/// still judged fairly. Below, sibilants turn into whistles.
pub const BIT_RATES: &[u32] = &[32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/// The default bit rate: one and a half times the lowest good one, and a fifth of WAV at 16 kHz.
pub const DEFAULT_BIT_RATE: u32 = 48;

/// The sample rates that the encoder accepts, in Hz.
pub const MP3_RATES: [u32; 4] = [8_000, 11_025, 12_000, 16_000];

/// The output format that the options `trimSilence`, `format` and `bitrateKbps` ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutputFormat {
    /// Whether the silence around the speech is cut off.
    pub trim_silence: bool,
    /// The bit rate of the MP3 in kbit/s; `None` for WAV.
    pub mp3_kbps: Option<u32>,
}

impl OutputFormat {
    /// Returns the bit rate in kbit/s at which audio of `sample_rate` Hz is encoded; `None` if it
    /// stays WAV. Rates that the encoder does not accept are so rare, and so low, that a smaller
    /// file is not worth an error.
    pub fn mp3_kbps_for(&self, sample_rate: u32) -> Option<u32> {
        self.mp3_kbps.filter(|_| MP3_RATES.contains(&sample_rate))
    }

    /// True if audio of `source_rate` Hz becomes MP3, after resampling if possible.
    pub fn encodes_to_mp3(&self, source_rate: u32) -> bool {
        let is_resampled = RESAMPLED_RATES.contains(&source_rate);
        self.mp3_kbps.is_some() && (is_resampled || self.mp3_kbps_for(source_rate).is_some())
    }

    /// True if a finished take of this media type needs no conversion.
    pub fn matches(&self, content_type: &str) -> bool {
        !self.trim_silence
            && (self.mp3_kbps.is_none() || content_type == MediaType::Mp3.content_type())
    }
}
