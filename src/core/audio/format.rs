//! The audio formats that the API takes.

/// The rate that the API resamples everything to, in Hz. Sending more would
/// only make the upload longer.
pub const API_SAMPLE_RATE: u32 = 16_000;

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
