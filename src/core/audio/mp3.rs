//! MPEG audio layer III: is it one, and how long is it.

use super::{MediaType, Upload};
use crate::core::error::Failure;

/// How far behind the tag a first frame is looked for, in bytes. Encoders put
/// it at once; some taggers leave padding.
const SEARCHED_BYTES: usize = 64 * 1024;

/// One frame's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Where it starts, in bytes from the start of the file.
    pub offset: usize,
    /// Its length, header included, in bytes.
    pub bytes: usize,
    /// In Hz.
    pub sample_rate: u32,
    /// 1 is mono.
    pub channels: u16,
    /// In bits per second.
    pub bit_rate: u32,
}

/// The first frame of `head`, behind an ID3v2 tag if there is one. A frame
/// counts only when another of the same kind follows it, or the file ends
/// with it: four bytes alone look like a header too often.
pub fn first_frame(head: &[u8]) -> Option<Frame> {
    let start = id3v2_bytes(head);
    let end = head.len().min(start.saturating_add(SEARCHED_BYTES));
    (start..end).find_map(|offset| {
        let frame = frame_at(head, offset)?;
        let next = offset + frame.bytes;
        let confirmed = next == head.len()
            || frame_at(head, next).is_some_and(|follower| {
                follower.sample_rate == frame.sample_rate && follower.channels == frame.channels
            });
        confirmed.then_some(frame)
    })
}

/// The facts of an MP3 file of `total_bytes` that starts with `head`. The
/// duration is that of a constant bit rate.
pub fn inspect(head: &[u8], total_bytes: u64) -> Result<Upload, Failure> {
    let Some(frame) = first_frame(head) else {
        return Err(Failure::audio(
            "undecodable",
            "the file starts like an MP3, but no MPEG audio frame follows",
        ));
    };
    let audio_bytes = total_bytes.saturating_sub(frame.offset as u64);
    Ok(Upload {
        media_type: MediaType::Mp3,
        sample_rate: frame.sample_rate,
        channels: frame.channels,
        duration_seconds: audio_bytes as f64 * 8.0 / f64::from(frame.bit_rate),
        wav: None,
    })
}

fn id3v2_bytes(head: &[u8]) -> usize {
    let Some(tag) = head.get(..10).filter(|tag| tag.starts_with(b"ID3")) else {
        return 0;
    };
    // Four "synchsafe" bytes of seven bits each.
    let size = tag[6..]
        .iter()
        .fold(0usize, |size, byte| size << 7 | usize::from(byte & 0x7F));
    let footer = if tag[5] & 0x10 != 0 { 10 } else { 0 };
    10 + size + footer
}

fn frame_at(bytes: &[u8], offset: usize) -> Option<Frame> {
    const MPEG1_KBPS: [u32; 15] = [
        0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
    ];
    const MPEG2_KBPS: [u32; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

    let header = bytes.get(offset..offset.checked_add(4)?)?;
    let layer_three = header[1] & 0b0000_0110 == 0b0000_0010;
    if header[0] != 0xFF || header[1] & 0xE0 != 0xE0 || !layer_three {
        return None;
    }
    let (mpeg1, rate_divisor) = match header[1] >> 3 & 0b11 {
        0b11 => (true, 1),
        0b10 => (false, 2),
        0b00 => (false, 4),
        _ => return None,
    };
    let rates = if mpeg1 { MPEG1_KBPS } else { MPEG2_KBPS };
    let bit_rate = 1000
        * rates
            .get(usize::from(header[2] >> 4))
            .copied()
            .filter(|&kbps| kbps > 0)?;
    let sample_rate =
        [44_100, 48_000, 32_000].get(usize::from(header[2] >> 2 & 0b11))? / rate_divisor;
    let padding = u32::from(header[2] >> 1 & 1);
    let samples_per_byte_frame = if mpeg1 { 144 } else { 72 };
    Some(Frame {
        offset,
        bytes: (samples_per_byte_frame * bit_rate / sample_rate + padding) as usize,
        sample_rate,
        channels: if header[3] >> 6 == 0b11 { 1 } else { 2 },
        bit_rate,
    })
}
