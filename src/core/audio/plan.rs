//! Decides how a recording becomes a file that the API takes.

use std::ops::Range;

use crate::core::audio::container::{Container, sniff};
use crate::core::audio::mp3::leading_tag_bytes;
use crate::core::audio::wav::{Wav, WavContents, inspect as inspect_wav};
use crate::core::error::failure::Failure;

/// The way in which a recording is prepared.
#[derive(Debug, Clone)]
pub enum PreparationPlan {
    /// A WAVE file that is uploaded unchanged, or with a new header if it is not plain.
    PassThrough(Wav),
    /// Possibly an MP3 file in these bytes, of which only the frames are uploaded. If an
    /// [`Mp3Parser`](crate::core::audio::mp3::Mp3Parser) finds no MP3, the browser decodes the
    /// file.
    ScanMp3(Range<u64>, Decoding),
    /// A WAVE file in another sample format, which is converted here.
    ConvertWav(Wav),
    /// A file that the browser has to decode.
    DecodeInBrowser(Decoding),
}

/// A file for the browser to decode.
#[derive(Debug, Clone, Copy)]
pub struct Decoding {
    /// The container, judged by the bytes.
    pub container: Container,
    /// Whether the codec is unusual for the container.
    pub has_unusual_codec: bool,
    /// Whether the file may be readable here, once more of its start is read.
    pub needs_more_bytes: bool,
}

/// The longest tag before a file that is not an MP3, in bytes. After longer tags, which hold
/// covers, only MP3 is looked for.
const MOST_TAG_BYTES: usize = 2_000_000;

impl Decoding {
    /// Returns the reason of the error if the browser cannot decode the file; `None` if the
    /// browser's own reason is better.
    pub fn error_reason(&self) -> Option<&'static str> {
        match self.container {
            Container::Unknown => Some("undecodable"),
            container if container.is_known_to_browsers() && !self.has_unusual_codec => None,
            _ => Some("unsupported_codec"),
        }
    }
}

/// The number of bytes from the start of a recording that [`inspect`] needs first. It needs more of
/// a WAVE file whose audio starts after them; see [`Decoding::needs_more_bytes`].
pub const INSPECTED_BYTES: usize = 256 * 1024;

/// Decides on the plan by the bytes of a recording, never by its name or declared type.
///
/// `head` holds the first bytes (see [`INSPECTED_BYTES`]), `total_bytes` is the size of the
/// recording.
pub fn inspect(head: &[u8], total_bytes: u64) -> Result<PreparationPlan, Failure> {
    if total_bytes == 0 || head.is_empty() {
        return Err(Failure::audio("empty", "the audio has no bytes"));
    }
    let mut decoding = Decoding {
        container: sniff(head),
        has_unusual_codec: false,
        needs_more_bytes: false,
    };
    let tag_bytes = leading_tag_bytes(head);
    Ok(match decoding.container {
        Container::Wav => match inspect_wav(head, tag_bytes, total_bytes)? {
            WavContents::Audio(wav) if wav.is_sendable() => PreparationPlan::PassThrough(wav),
            WavContents::Audio(wav) => PreparationPlan::ConvertWav(wav),
            WavContents::Mpeg(start, end) => PreparationPlan::ScanMp3(start..end, decoding),
            other => {
                decoding.needs_more_bytes = other == WavContents::Incomplete;
                decoding.has_unusual_codec = !decoding.needs_more_bytes;
                PreparationPlan::DecodeInBrowser(decoding)
            }
        },
        // Frames far from the start are found only by scanning.
        Container::Mp3 | Container::Unknown => {
            decoding.needs_more_bytes = (head.len()..MOST_TAG_BYTES).contains(&tag_bytes)
                && (head.len() as u64) < total_bytes;
            PreparationPlan::ScanMp3(0..total_bytes, decoding)
        }
        _ => PreparationPlan::DecodeInBrowser(decoding),
    })
}
