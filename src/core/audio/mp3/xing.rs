//! The first frame of most MP3 files, which holds no audio but the encoder's data about the file:
//! Xing, Info, VBRI.

use crate::core::audio::mp3::header::{HEADER_BYTES, Header, Layer};

/// The encoder's data about its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct XingHeader {
    /// The number of frames of audio that follow.
    pub frames: Option<u32>,
    /// The number of samples per channel that the encoder added at the start and the end of the
    /// audio: frames have a fixed length, recordings have not.
    pub added_samples: u32,
}

/// Reads the header in this frame; `None` if the frame holds audio.
pub(super) fn read(frame: &[u8], header: &Header) -> Option<XingHeader> {
    if header.layer != Layer::Three {
        return None;
    }
    // Encoders disagree on whether the checksum takes space of its own.
    let xing = HEADER_BYTES + header.side_info_bytes();
    let checked = header.has_checksum.then_some(xing + 2);
    [Some(xing), checked]
        .into_iter()
        .flatten()
        .find_map(|at| read_xing(frame.get(at..)?))
        .or_else(|| read_vbri(frame))
}

fn read_xing(bytes: &[u8]) -> Option<XingHeader> {
    const HAS_FRAMES: u32 = 1;
    /// The fields after the number of frames: the bit that announces each, and its length.
    const SKIPPED: [(u32, usize); 3] = [(2, 4), (4, 100), (8, 4)];

    if !bytes.starts_with(b"Xing") && !bytes.starts_with(b"Info") {
        return None;
    }
    // Even if other fields are cut off or out of range, the frame holds no audio.
    let flags = u32_at(bytes, 4).unwrap_or(0);
    let mut at = 8;
    let mut frames = None;
    if flags & HAS_FRAMES != 0 {
        frames = u32_at(bytes, at);
        at += 4;
    }
    at += SKIPPED
        .iter()
        .filter(|(bit, _)| flags & bit != 0)
        .map(|(_, length)| length)
        .sum::<usize>();
    Some(XingHeader {
        frames,
        added_samples: bytes.get(at..).and_then(added_samples).unwrap_or(0),
    })
}

/// Reads the extension that LAME introduced: delay and padding, 12 bits each.
fn added_samples(extension: &[u8]) -> Option<u32> {
    let known = [&b"LAME"[..], b"Lavf", b"Lavc", b"L3.9", b"GOGO"];
    if !known.iter().any(|name| extension.starts_with(name)) {
        return None;
    }
    let &[a, b, c] = extension.get(21..24)?.first_chunk::<3>()?;
    let delay = u32::from(a) << 4 | u32::from(b >> 4);
    let padding = u32::from(b & 0x0F) << 8 | u32::from(c);
    Some(delay + padding)
}

/// Reads Fraunhofer's header, which has the same position in every kind of frame.
fn read_vbri(frame: &[u8]) -> Option<XingHeader> {
    let bytes = frame.get(HEADER_BYTES + 32..)?;
    bytes.starts_with(b"VBRI").then(|| XingHeader {
        frames: u32_at(bytes, 14),
        added_samples: 0,
    })
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let field = bytes.get(at..)?.first_chunk::<4>()?;
    Some(u32::from_be_bytes(*field))
}
