//! What audio is to become.

use crate::core::audio::format::MediaType;
use crate::core::audio::resample::RESAMPLED_RATES;
use crate::core::options::value::Value;

/// What `format` may be.
pub const FORMATS: &[&str] = &["wav", "mp3"];

/// What `bitrateKbps` may be: the rates of MPEG-2 layer III at which speech is
/// still judged fairly. Below, sibilants turn to whistles.
pub const BIT_RATES: &[u32] = &[32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/// Half as much again as the least that is good; a fifth of WAV at 16 kHz.
const DEFAULT_BIT_RATE: u32 = 48;

/// The sample rates that the encoder takes, in Hz.
pub const MP3_RATES: [u32; 4] = [8_000, 11_025, 12_000, 16_000];

/// What the options `trimSilence`, `format` and `bitrateKbps` ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Without the silence around its speech.
    pub trim: bool,
    /// As MP3 with this many kbit/s; `None` is WAV.
    pub mp3: Option<u32>,
}

impl Wanted {
    /// Reads options that were checked; `trims` is the default of `trimSilence`.
    pub fn read(options: &Value, trims: bool) -> Self {
        let kbps = options.get("bitrateKbps").number();
        let is_mp3 = options.get("format").text() == Some("mp3");
        Wanted {
            trim: options.get("trimSilence").bool().unwrap_or(trims),
            mp3: is_mp3.then(|| kbps.map_or(DEFAULT_BIT_RATE, |kbps| kbps as u32)),
        }
    }

    /// In how many kbit/s audio of `sample_rate` Hz is encoded; `None` where it
    /// stays WAV. Rates that the encoder does not take are so rare, and so low,
    /// that a smaller file is not worth an error.
    pub fn kbps_at(&self, sample_rate: u32) -> Option<u32> {
        self.mp3.filter(|_| MP3_RATES.contains(&sample_rate))
    }

    /// Whether audio of `source_rate` Hz becomes MP3, resampled where it can be.
    pub fn makes_mp3_of(&self, source_rate: u32) -> bool {
        let is_resampled = RESAMPLED_RATES.contains(&source_rate);
        self.mp3.is_some() && (is_resampled || self.kbps_at(source_rate).is_some())
    }

    /// Whether a finished take of this type is what is wanted.
    pub fn is_met_by(&self, content_type: &str) -> bool {
        !self.trim && (self.mp3.is_none() || content_type == MediaType::Mp3.content_type())
    }
}
