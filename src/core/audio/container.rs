//! Names a file by its first bytes.

use super::mp3;

/// The containers that browsers record, decode, or that the API takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// RIFF, RF64 or BW64 WAVE.
    Wav,
    /// MPEG audio, with or without an ID3 tag.
    Mp3,
    /// WebM or Matroska.
    Webm,
    /// Ogg.
    Ogg,
    /// MP4, M4A, 3GP.
    Mp4,
    /// FLAC.
    Flac,
    /// AAC in ADTS frames.
    Aac,
    /// None of these.
    Unknown,
}

impl Container {
    /// Its name, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Container::Wav => "wav",
            Container::Mp3 => "mp3",
            Container::Webm => "webm",
            Container::Ogg => "ogg",
            Container::Mp4 => "mp4",
            Container::Flac => "flac",
            Container::Aac => "aac",
            Container::Unknown => "unknown",
        }
    }
}

/// Names the container that `head` starts.
pub fn sniff(head: &[u8]) -> Container {
    let at = |offset: usize, mark: &[u8]| head.get(offset..offset + mark.len()) == Some(mark);
    if (at(0, b"RIFF") || at(0, b"RF64") || at(0, b"BW64")) && at(8, b"WAVE") {
        Container::Wav
    } else if at(0, &[0x1A, 0x45, 0xDF, 0xA3]) {
        Container::Webm
    } else if at(0, b"OggS") {
        Container::Ogg
    } else if at(4, b"ftyp") {
        Container::Mp4
    } else if at(0, b"fLaC") {
        Container::Flac
    } else if head.len() > 1 && head[0] == 0xFF && head[1] & 0xF6 == 0xF0 {
        // The layer bits, which MPEG audio never leaves at zero, tell ADTS apart.
        Container::Aac
    } else if mp3::first_frame(head).is_some() || at(0, b"ID3") {
        Container::Mp3
    } else {
        Container::Unknown
    }
}
