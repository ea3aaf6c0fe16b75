//! WAVE files: what is in one, and the header of one.

use std::ops::Range;

use super::pcm::Coding;
use super::prepare::LOWEST_RATE;
use super::refused_rate;
use super::resample::RESAMPLED_RATES;
use crate::core::error::Failure;
use crate::core::text::{digits, joined};

const PCM: u16 = 1;
const MPEG: u16 = 0x50;
const MPEG_LAYER_III: u16 = 0x55;
const EXTENSIBLE: u16 = 0xFFFE;
/// The size of a chunk whose real size stands elsewhere, or was never known.
const UNKNOWN: u32 = u32::MAX;
/// From here on, a size that passes the end of the file is a placeholder of a
/// recorder that streams: SoX writes 0x7FFFF000, others 2,000,000,000 or
/// 0xFFFFFFFF less the header. No request holds 1 GB.
const PLACEHOLDER_BYTES: u64 = 1_000_000_000;
/// Less audio than this is not missed at the end of a file, in seconds. Some
/// writers count the header's 44 bytes as audio.
const MISSED_SECONDS: f64 = 0.1;

/// The length of a [`header`], in bytes.
pub const HEADER_BYTES: usize = 44;

/// What is in a WAVE file.
#[derive(Debug, Clone, PartialEq)]
pub enum Contents {
    /// Audio that can be read here.
    Audio(Wav),
    /// An MPEG audio stream, which is in these bytes of the file.
    Mpeg(Range<u64>),
    /// A coding that cannot be read here; the text names it.
    Foreign(String),
    /// Not known yet: more of the file has to be seen.
    Unseen,
}

/// A WAVE file whose audio can be read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wav {
    /// How its samples are written.
    pub coding: Coding,
    /// Whether they are written with their highest byte first, as in RIFX.
    pub is_big_endian: bool,
    /// In Hz.
    pub sample_rate: u32,
    /// 1 is mono.
    pub channels: u16,
    /// Where the audio starts, in bytes from the start of the file.
    pub data_start: u64,
    /// The length of the audio in whole frames, in bytes; never more than there is,
    /// whatever the header says.
    pub data_bytes: u64,
    /// Whether the file is exactly what a strict reader expects. Otherwise its
    /// audio needs a new [`header`].
    pub is_plain: bool,
    /// Whether the header promises noticeably more audio than there is.
    pub is_truncated: bool,
}

impl Wav {
    /// In seconds.
    pub fn duration_seconds(&self) -> f64 {
        (self.data_bytes / self.frame_bytes()) as f64 / f64::from(self.sample_rate)
    }

    /// The length of one sample of every channel, in bytes.
    pub fn frame_bytes(&self) -> u64 {
        u64::from(self.channels) * self.coding.bytes() as u64
    }

    /// Whether its samples can be sent, behind a new header if need be.
    pub fn is_sendable(&self) -> bool {
        let frame_bytes = self.frame_bytes();
        self.coding == Coding::I16
            && !self.is_big_endian
            && frame_bytes <= u64::from(u16::MAX)
            && frame_bytes * u64::from(self.sample_rate) <= u64::from(u32::MAX)
    }

    /// Appends the samples in `bytes`, channels interleaved.
    pub fn decode(&self, bytes: &[u8], samples: &mut Vec<f32>) {
        if !self.is_big_endian {
            return self.coding.decode(bytes, samples);
        }
        let mut swapped = bytes.to_vec();
        for sample in swapped.chunks_exact_mut(self.coding.bytes()) {
            sample.reverse();
        }
        self.coding.decode(&swapped, samples);
    }
}

/// The fields of a `fmt ` chunk.
#[derive(Clone, Copy)]
struct Format {
    tag: u16,
    channels: u16,
    sample_rate: u32,
    block_align: u16,
    bits: u16,
    /// Whether a strict reader of 16-bit PCM accepts it.
    is_plain: bool,
}

impl Format {
    /// The length of one sample, in bytes. The block align counts only where it can
    /// be true: 24 bits are often kept in 4 bytes, 16 bits never are.
    fn sample_bytes(&self) -> u16 {
        let by_bits = self.bits.div_ceil(8);
        let by_align = match self.channels {
            0 => 0,
            channels if self.block_align.is_multiple_of(channels) => self.block_align / channels,
            _ => 0,
        };
        match (by_bits, by_align) {
            (3, 4) | (0, 1..=4) => by_align,
            _ => by_bits,
        }
    }
}

/// The data chunk that was found.
#[derive(Clone, Copy)]
struct Data {
    start: usize,
    /// Its size by the header, where that is not a placeholder.
    claimed: Option<u64>,
    /// Whether the file fits the book up to here.
    is_plain: bool,
}

/// The start of a file of `total_bytes`, read in the byte order of its kind.
struct Reader<'a> {
    head: &'a [u8],
    total_bytes: u64,
    is_big_endian: bool,
}

/// Inspects a WAVE file of `total_bytes` that starts with `head`. The outer chunk
/// begins at `start`, behind any tags.
pub fn inspect(head: &[u8], start: usize, total_bytes: u64) -> Result<Contents, Failure> {
    let outer: [u8; 4] = field(head, start);
    let reader = Reader {
        head,
        total_bytes,
        is_big_endian: outer == *b"RIFX",
    };
    // RF64 and BW64 keep the sizes that 32 bits cannot hold in a chunk of
    // their own (EBU Tech 3306).
    let is_64_bit = outer == *b"RF64" || outer == *b"BW64";
    let mut long_data_bytes = None;
    let mut is_plain =
        outer == *b"RIFF" && start == 0 && u64::from(reader.u32_at(4)) + 8 == total_bytes;
    let mut format = None;
    let mut data: Option<Data> = None;
    let mut at = start.saturating_add(12);
    loop {
        if let (Some(format), Some(data)) = (format, data) {
            return reader.contents(format, data);
        }
        let Some(id) = reader.id_at(at).filter(|_| head.len() - at >= 8) else {
            break;
        };
        let size = reader.u32_at(at + 4);
        let body = at + 8;
        let next = body.saturating_add(size as usize);
        match &id {
            // Decoders read the first of several.
            b"fmt " if format.is_some() => is_plain = false,
            b"fmt " => {
                format = reader.format(body, size);
                if format.is_none() && head.len() >= body.saturating_add(16) {
                    return Err(broken("its format is too short"));
                }
            }
            b"ds64" if is_64_bit => {
                long_data_bytes = head.get(body + 8..).and_then(<[u8]>::first_chunk);
            }
            // An empty one in front of more chunks is no placeholder.
            b"data" if size == 0 && reader.id_at(body).is_some_and(|id| is_known(&id)) => {
                is_plain = false;
            }
            b"data" if data.is_none() => {
                is_plain &= format.is_some();
                data = Some(Data {
                    start: body,
                    claimed: match (size, long_data_bytes) {
                        (UNKNOWN, long) => long.copied().map(u64::from_le_bytes),
                        (size, _) => Some(size.into()),
                    },
                    is_plain: is_plain && next as u64 == total_bytes,
                });
            }
            _ => {}
        }
        // Chunks are padded to an even length; some writers forget.
        let padded = next.saturating_add(size as usize & 1);
        let is_unpadded = next != padded
            && match (reader.id_at(next), reader.id_at(padded)) {
                (Some(id), _) if is_known(&id) => true,
                (Some(id), Some(behind)) => is_name(&id) && !is_name(&behind),
                _ => false,
            };
        is_plain &= !is_unpadded;
        at = if is_unpadded { next } else { padded };
    }
    if at.saturating_add(8) > head.len()
        && (head.len() as u64) < total_bytes
        && (at as u64) < total_bytes
    {
        return Ok(Contents::Unseen);
    }
    let claimed_bytes = (start as u64 + 8).saturating_add(reader.u32_at(start + 4).into());
    if at as u64 > total_bytes || claimed_bytes > total_bytes {
        return Err(truncated());
    }
    Err(broken(match (format, data) {
        (None, Some(_)) => "it has no format chunk",
        _ => "it has no data chunk",
    }))
}

fn is_known(id: &[u8; 4]) -> bool {
    [b"data", b"fmt ", b"LIST", b"fact"].contains(&id)
}

/// Whether these bytes may name a chunk.
fn is_name(id: &[u8; 4]) -> bool {
    id.iter().all(|byte| (b' '..=b'~').contains(byte))
}

impl Reader<'_> {
    fn id_at(&self, at: usize) -> Option<[u8; 4]> {
        self.head.get(at..)?.first_chunk().copied()
    }

    fn u16_at(&self, at: usize) -> u16 {
        let bytes = field(self.head, at);
        match self.is_big_endian {
            true => u16::from_be_bytes(bytes),
            false => u16::from_le_bytes(bytes),
        }
    }

    fn u32_at(&self, at: usize) -> u32 {
        let bytes = field(self.head, at);
        match self.is_big_endian {
            true => u32::from_be_bytes(bytes),
            false => u32::from_le_bytes(bytes),
        }
    }

    fn format(&self, body: usize, size: u32) -> Option<Format> {
        /// What follows the tag in the sub-format of an extensible file whose tag is
        /// meant as such.
        const TAGGED: &[u8] = b"\0\0\0\0\x10\0\x80\0\0\xAA\0\x38\x9B\x71";

        if size < 16 || self.head.len() < body.saturating_add(16) {
            return None;
        }
        let mut tag = self.u16_at(body);
        let channels = self.u16_at(body + 2);
        let sample_rate = self.u32_at(body + 4);
        let block_align = self.u16_at(body + 12);
        let bits = self.u16_at(body + 14);
        let is_exact = tag == PCM
            && bits == 16
            && u32::from(block_align) == u32::from(channels) * 2
            && u64::from(self.u32_at(body + 8)) == u64::from(sample_rate) * u64::from(block_align);
        let is_sized = size == 16 || size == 18 && self.u16_at(body + 16) == 0;
        if tag == EXTENSIBLE && size >= 40 {
            let sub_format = self.head.get(body + 26..).unwrap_or_default();
            if self.is_big_endian || sub_format.starts_with(TAGGED) {
                tag = self.u16_at(body + 24);
            }
        }
        Some(Format {
            tag,
            channels,
            sample_rate,
            block_align,
            bits,
            is_plain: is_exact && is_sized,
        })
    }

    fn contents(&self, format: Format, data: Data) -> Result<Contents, Failure> {
        let there = self.total_bytes.saturating_sub(data.start as u64);
        // Recorders that stream leave the size at 0, or at a placeholder.
        let claimed = data.claimed.filter(|&bytes| match bytes {
            0 => there == 0,
            _ => bytes < PLACEHOLDER_BYTES || bytes <= there,
        });
        let data_bytes = claimed.map_or(there, |bytes| bytes.min(there));
        let data_start = data.start as u64;
        if matches!(format.tag, MPEG | MPEG_LAYER_III) {
            let end = (data_start + data_bytes).min(self.total_bytes);
            return Ok(Contents::Mpeg(data_start.min(end)..end));
        }
        let Some(coding) = Coding::of(format.tag, format.sample_bytes()) else {
            return Ok(Contents::Foreign(joined(&[
                "the WAV file holds format ",
                &digits(format.tag.into()),
                " with ",
                &digits(format.bits.into()),
                " bits, which is neither PCM nor G.711",
            ])));
        };
        if format.channels == 0 {
            return Err(broken("it claims no channels"));
        }
        if !(LOWEST_RATE..=*RESAMPLED_RATES.end()).contains(&format.sample_rate) {
            return Err(refused_rate(format.sample_rate));
        }
        let mut wav = Wav {
            coding,
            is_big_endian: self.is_big_endian,
            sample_rate: format.sample_rate,
            channels: format.channels,
            data_start,
            data_bytes,
            is_plain: data.is_plain && format.is_plain,
            is_truncated: false,
        };
        let frame_bytes = wav.frame_bytes();
        wav.data_bytes -= data_bytes % frame_bytes;
        wav.is_plain &= claimed == Some(wav.data_bytes);
        let missing = claimed.map_or(0, |bytes| bytes.saturating_sub(there)) / frame_bytes;
        if wav.data_bytes == 0 {
            return Err(match missing {
                0 => Failure::audio("empty", "the WAV file holds no samples"),
                _ => truncated(),
            });
        }
        wav.is_truncated = missing as f64 >= MISSED_SECONDS * f64::from(wav.sample_rate);
        if coding == Coding::I32 && format.bits.div_ceil(8) == 3 && self.are_low(&wav) {
            wav.coding = Coding::I24In32;
        }
        Ok(Contents::Audio(wav))
    }

    /// Whether 24 bits were put in the low bytes of 32, and not in the high ones as
    /// the book has it: the highest byte then only repeats the sign.
    fn are_low(&self, wav: &Wav) -> bool {
        let data = self.head.get(wav.data_start as usize..).unwrap_or_default();
        let seen = data.get(..wav.data_bytes as usize).unwrap_or(data);
        let (words, _) = seen.as_chunks::<4>();
        let mut words = words.iter().map(|word| i32::from_le_bytes(*word));
        !wav.is_big_endian
            && words.clone().all(|word| word << 8 >> 8 == word)
            && words.any(|word| word != 0)
    }
}

/// The header of a 16-bit PCM file with `data_bytes` of samples, which never
/// pass what its 32 bits can say: an hour has 115 MB.
pub fn header(sample_rate: u32, channels: u16, data_bytes: u64) -> [u8; HEADER_BYTES] {
    let data = data_bytes.min(u64::from(u32::MAX) - HEADER_BYTES as u64) as u32;
    let block_align = channels.saturating_mul(2);
    let words = [
        u32::from_le_bytes(*b"RIFF"),
        data + HEADER_BYTES as u32 - 8,
        u32::from_le_bytes(*b"WAVE"),
        u32::from_le_bytes(*b"fmt "),
        16,
        pair(PCM, channels),
        sample_rate,
        sample_rate.saturating_mul(u32::from(block_align)),
        pair(block_align, 16),
        u32::from_le_bytes(*b"data"),
        data,
    ];
    let mut header = [0; HEADER_BYTES];
    for (place, word) in header.as_chunks_mut().0.iter_mut().zip(words) {
        *place = word.to_le_bytes();
    }
    header
}

/// Two fields of 16 bits in the place of one with 32.
fn pair(first: u16, second: u16) -> u32 {
    u32::from(first) | u32::from(second) << 16
}

fn truncated() -> Failure {
    Failure::audio(
        "truncated",
        "the WAV file ends before the audio that its header promises",
    )
}

fn broken(problem: &str) -> Failure {
    Failure::audio(
        "undecodable",
        joined(&["the WAV file is broken: ", problem]),
    )
}

/// Returns the bytes at this place; zeros where there are none, which callers rule
/// out.
fn field<const BYTES: usize>(bytes: &[u8], at: usize) -> [u8; BYTES] {
    let field = bytes.get(at..).and_then(<[u8]>::first_chunk);
    field.copied().unwrap_or([0; BYTES])
}
