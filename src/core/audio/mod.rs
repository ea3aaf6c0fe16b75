//! Speech, from whatever was recorded to what the API takes.

pub mod activity;
pub mod biquad;
pub mod container;
pub mod dot;
pub mod frames;
pub mod lanes;
pub mod level;
pub mod mp3;
pub mod pcm;
pub mod prepare;
pub mod quality;
pub mod quantize;
pub mod resample;
pub mod sample;
pub mod sine;
pub mod speech_end;
pub mod speech_search;
pub mod split;
pub mod wanted;
pub mod wav;

use super::error::Failure;
use container::Container;
use mp3::Report;
use wav::Wav;

/// The rate that the API resamples everything to, in Hz. Sending more would
/// only make the upload longer.
pub const API_SAMPLE_RATE: u32 = 16_000;

/// What to do with a recording.
#[derive(Debug, Clone, PartialEq)]
pub enum Preparation {
    /// It goes up as it is.
    SendAsIs(Upload),
    /// It is an MP3, and goes up as it is if a [`mp3::Walker`] gets through all
    /// of it: its start says neither how long it is nor what it holds.
    Walk,
    /// It is a WAVE in another coding, or with a header that not every reader
    /// understands: it is read here and written anew.
    Rewrite(Wav),
    /// The browser has to decode it; the text names what it looks like.
    Decode(&'static str),
}

/// How many samples, of all channels, an MP3 may have that is decoded only to
/// listen to it: three minutes of stereo at 44.1 kHz. They come all at once, and
/// for longer than this browsers hold the page up to hand them over.
const DECODED_SAMPLES: f64 = 16e6;

/// The facts of a file that the API takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Upload {
    /// The media type, which also decides the file name.
    pub media_type: MediaType,
    /// In Hz.
    pub sample_rate: u32,
    /// 1 is mono.
    pub channels: u16,
    /// In seconds.
    pub duration_seconds: f64,
    /// The audio proper, where it can be listened to without decoding.
    pub wav: Option<Wav>,
    /// What decoders get over, but not without loss.
    pub problems: Vec<&'static str>,
}

impl Upload {
    fn of_wav(wav: Wav) -> Self {
        Upload {
            media_type: MediaType::Wav,
            sample_rate: wav.sample_rate,
            channels: wav.channels,
            duration_seconds: wav.duration_seconds(),
            wav: Some(wav),
            problems: Vec::new(),
        }
    }

    /// An MP3, of which this was found.
    pub fn of_mp3(report: Report) -> Self {
        Upload {
            media_type: MediaType::Mp3,
            sample_rate: report.sample_rate,
            channels: report.channels,
            duration_seconds: report.duration_seconds,
            wav: None,
            problems: report.problems,
        }
    }

    /// Whether all of it may be decoded to listen to it.
    pub fn may_be_decoded(&self) -> bool {
        let samples = self.duration_seconds * f64::from(self.sample_rate);
        samples * f64::from(self.channels) <= DECODED_SAMPLES
    }
}

/// The names that apply.
fn applying(checks: &[(&'static str, bool)]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for (name, applies) in checks {
        if *applies {
            names.push(*name);
        }
    }
    names
}

/// The media types that the API takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// RIFF WAVE.
    Wav,
    /// MPEG audio layer III.
    Mp3,
}

impl MediaType {
    /// All of them.
    pub const ALL: &[MediaType] = &[MediaType::Wav, MediaType::Mp3];

    /// The `Content-Type` of the form part.
    pub const fn content_type(self) -> &'static str {
        match self {
            MediaType::Wav => "audio/wav",
            MediaType::Mp3 => "audio/mpeg",
        }
    }

    /// The media type with this `Content-Type`.
    pub fn of_content_type(content_type: &str) -> Option<Self> {
        MediaType::ALL
            .iter()
            .copied()
            .find(|media_type| media_type.content_type() == content_type)
    }

    /// The file name of the form part; the API knows its formats by these
    /// endings.
    pub const fn file_name(self) -> &'static str {
        match self {
            MediaType::Wav => "audio.wav",
            MediaType::Mp3 => "audio.mp3",
        }
    }
}

/// How many bytes from the start of a recording [`inspect`] wants to see first. It
/// wants more of a WAVE file whose audio starts behind them, and then says that it
/// is to be decoded.
pub const INSPECTED_BYTES: usize = 256 * 1024;

/// Looks at a recording by its bytes, never by its name or declared type.
///
/// `head` holds its first bytes (see [`INSPECTED_BYTES`]),
/// `total_bytes` is its size.
pub fn inspect(head: &[u8], total_bytes: u64) -> Result<Preparation, Failure> {
    if total_bytes == 0 || head.is_empty() {
        return Err(Failure::audio("empty", "the audio has no bytes"));
    }
    match container::sniff(head) {
        Container::Wav => Ok(match wav::inspect(head, total_bytes)? {
            Some(wav) if wav.is_plain => Preparation::SendAsIs(Upload::of_wav(wav)),
            Some(wav) => Preparation::Rewrite(wav),
            None => Preparation::Decode("wav"),
        }),
        Container::Mp3 => Ok(Preparation::Walk),
        Container::Unknown => Err(Failure::audio(
            "undecodable",
            "the bytes are no audio file: neither WAV nor MP3, nor a container that browsers record",
        )),
        other => Ok(Preparation::Decode(other.name())),
    }
}
