//! Decides how a recording becomes a file that the API takes.

use std::ops::Range;

use crate::core::audio::container::{Container, sniff};
use crate::core::audio::mp3::leading_tag_bytes;
use crate::core::audio::wav::{Contents, Wav, inspect as inspect_wav};
use crate::core::error::failure::Failure;

/// What to do with a recording.
#[derive(Debug, Clone)]
pub enum Preparation {
    /// It is a WAVE that goes up as it is; one that is not plain, behind a new header.
    SendAsIs(Wav),
    /// It may be an MP3, of which only the frames go up, if a [`mp3::Walker`] gets
    /// through these bytes of it. Otherwise the browser is asked, as below.
    Walk(Range<u64>, Decoding),
    /// It is a WAVE in another coding: it is read here and written anew.
    Rewrite(Wav),
    /// The browser has to decode it.
    Decode(Decoding),
}

/// A file that the browser is asked to decode.
#[derive(Debug, Clone, Copy)]
pub struct Decoding {
    /// The container that the file looks like.
    pub container: Container,
    /// Whether it holds a coding that this container seldom has.
    pub is_foreign: bool,
    /// Whether it might be read here, if more of its start were seen.
    pub is_unseen: bool,
}

/// How long a tag in front of a file may be that is not an MP3, in bytes. Behind
/// longer ones, which hold covers, nothing else is looked for.
const MOST_TAG_BYTES: usize = 2_000_000;

impl Decoding {
    /// Returns the reason for which it is refused where the browser cannot decode it;
    /// `None` where the browser knows best.
    pub fn refusal(&self) -> Option<&'static str> {
        match self.container {
            Container::Unknown => Some("undecodable"),
            container if container.is_known_to_browsers() && !self.is_foreign => None,
            _ => Some("unsupported_codec"),
        }
    }
}

/// How many bytes from the start of a recording [`inspect`] wants to see first. It
/// wants more of a WAVE file whose audio starts behind them; see
/// [`Decoding::is_unseen`].
pub const INSPECTED_BYTES: usize = 256 * 1024;

/// Looks at a recording by its bytes, never by its name or declared type.
///
/// `head` holds its first bytes (see [`INSPECTED_BYTES`]),
/// `total_bytes` is its size.
pub fn inspect(head: &[u8], total_bytes: u64) -> Result<Preparation, Failure> {
    if total_bytes == 0 || head.is_empty() {
        return Err(Failure::audio("empty", "the audio has no bytes"));
    }
    let mut decoding = Decoding {
        container: sniff(head),
        is_foreign: false,
        is_unseen: false,
    };
    let tag_bytes = leading_tag_bytes(head);
    Ok(match decoding.container {
        Container::Wav => match inspect_wav(head, tag_bytes, total_bytes)? {
            Contents::Audio(wav) if wav.is_sendable() => Preparation::SendAsIs(wav),
            Contents::Audio(wav) => Preparation::Rewrite(wav),
            Contents::Mpeg(start, end) => Preparation::Walk(start..end, decoding),
            other => {
                decoding.is_unseen = other == Contents::Unseen;
                decoding.is_foreign = !decoding.is_unseen;
                Preparation::Decode(decoding)
            }
        },
        // Frames that stand far behind the start are found on a walk only.
        Container::Mp3 | Container::Unknown => {
            decoding.is_unseen = (head.len()..MOST_TAG_BYTES).contains(&tag_bytes)
                && (head.len() as u64) < total_bytes;
            Preparation::Walk(0..total_bytes, decoding)
        }
        _ => Preparation::Decode(decoding),
    })
}
