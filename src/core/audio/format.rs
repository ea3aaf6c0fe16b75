//! The audio formats that the API takes.

/// The rate to which the API resamples all audio, in Hz. A higher rate would only make the upload
/// longer.
pub const API_SAMPLE_RATE: u32 = 16_000;

/// The lowest sample rate that is accepted, in Hz; telephones use it.
pub const MIN_SAMPLE_RATE: u32 = 8_000;

/// The media types that the API takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// RIFF WAVE.
    Wav,
    /// MPEG audio layer III.
    Mp3,
}

impl MediaType {
    /// All media types.
    pub const ALL: &[MediaType] = &[MediaType::Wav, MediaType::Mp3];

    /// The `Content-Type` of the form part.
    pub const fn content_type(self) -> &'static str {
        match self {
            MediaType::Wav => "audio/wav",
            MediaType::Mp3 => "audio/mpeg",
        }
    }

    /// Returns the media type with this `Content-Type`.
    pub fn of_content_type(content_type: &str) -> Option<Self> {
        MediaType::ALL
            .iter()
            .copied()
            .find(|media_type| media_type.content_type() == content_type)
    }

    /// The file name of the form part. The API recognizes formats by the ending.
    pub const fn file_name(self) -> &'static str {
        match self {
            MediaType::Wav => "audio.wav",
            MediaType::Mp3 => "audio.mp3",
        }
    }
}
