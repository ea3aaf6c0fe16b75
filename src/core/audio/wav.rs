//! Reads WAVE files, and writes their header.

use crate::core::audio::format::MIN_SAMPLE_RATE;
use crate::core::audio::resample::RESAMPLED_RATES;
use crate::core::audio::sample_format::SampleFormat;
use crate::core::audio::warnings::InvalidAudio;
use crate::core::error::failure::Failure;

const PCM: u16 = 1;
const MPEG: u16 = 0x50;
const MPEG_LAYER_III: u16 = 0x55;
const EXTENSIBLE: u16 = 0xFFFE;
/// The size of a chunk whose real size is stored elsewhere, or was never known.
const UNKNOWN: u32 = u32::MAX;
/// The size from which a chunk that exceeds the file is a placeholder of a streaming recorder: SoX
/// writes 0x7FFFF000, others 2,000,000,000, or 0xFFFFFFFF less the header. No request holds 1 GB.
const PLACEHOLDER_BYTES: u64 = 1_000_000_000;
/// The fraction of a second of audio whose loss at the end of a file is reported: a tenth. Some
/// writers count the header's 44 bytes as audio.
const MISSED_SHARE: u64 = 10;

/// The blocks other than silence that show where samples have padding: a few blocks of other data
/// may look the same.
const MIN_SOUNDING_BLOCKS: u32 = 64;

/// The length of a [`header`], in bytes.
pub const HEADER_BYTES: usize = 44;
/// The length of a header whose format ends with the size of an extension, which is 0.
const LONGER_HEADER_BYTES: usize = 46;

/// The contents of a WAVE file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WavContents {
    /// Audio that can be read here.
    Audio(Wav),
    /// An MPEG audio stream, with its start and its end in bytes of the file.
    Mpeg(u64, u64),
    /// A codec that cannot be read here.
    UnsupportedCodec,
    /// Not known until more of the file is read.
    Incomplete,
}

const BROKEN: &str = "undecodable";
const TRUNCATED: InvalidAudio = (
    "truncated",
    "the WAV file ends before the audio that its header promises",
);

/// Samples of 8 bits may have a sign or not, so even zeros in the low bytes leave them unknown.
const PADDED: InvalidAudio = (BROKEN, "the WAV file pads its samples in an unusual way");

/// A WAVE file whose audio can be read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wav {
    /// The format of the samples.
    pub sample_format: SampleFormat,
    /// Whether samples are stored with their highest byte first, as in RIFX.
    pub is_big_endian: bool,
    /// The sample rate, in Hz.
    pub sample_rate: u32,
    /// The number of channels.
    pub channels: u16,
    /// The start of the audio, in bytes from the start of the file.
    pub data_start: u64,
    /// The length of the audio in whole frames, in bytes; never more than the file has, whatever
    /// the header says.
    pub data_bytes: u64,
    /// Whether the file is exactly what a strict reader expects. Otherwise its audio needs a new
    /// [`header`].
    pub is_plain: bool,
    /// Whether the header promises noticeably more audio than there is.
    pub is_truncated: bool,
}

impl Wav {
    /// The duration, in seconds.
    pub fn duration_seconds(&self) -> f64 {
        (self.data_bytes / self.frame_bytes()) as f64 / f64::from(self.sample_rate)
    }

    /// The length of one sample of every channel, in bytes.
    pub fn frame_bytes(&self) -> u64 {
        u64::from(self.channels) * self.sample_format.bytes() as u64
    }

    /// True if the samples can be sent, with a new header if necessary.
    pub fn is_sendable(&self) -> bool {
        let frame_bytes = self.frame_bytes();
        self.sample_format == SampleFormat::I16
            && !self.is_big_endian
            && frame_bytes <= u64::from(u16::MAX)
            && frame_bytes * u64::from(self.sample_rate) <= u64::from(u32::MAX)
    }

    /// Appends the samples in `bytes`, channels interleaved.
    pub fn decode(&self, bytes: &[u8], samples: &mut Vec<f32>) {
        self.sample_format
            .decode(bytes, self.is_big_endian, samples);
    }
}

/// The fields of a `fmt ` chunk.
#[derive(Clone, Copy)]
struct FormatChunk {
    tag: u16,
    channels: u16,
    sample_rate: u32,
    /// The length of one sample by its number of bits, in bytes.
    sample_bytes: u16,
    /// The length of one sample by the block align, in bytes.
    block_bytes: u16,
    /// Whether a strict reader of 16-bit PCM accepts it.
    is_plain: bool,
}

/// Where samples have padding in larger blocks.
#[derive(Clone, Copy, Default)]
struct Padding {
    /// Zeros in the low bytes, as the standard requires.
    is_below: bool,
    /// Nothing but the sign in the high bytes.
    is_above: bool,
}

/// The data chunk that was found.
#[derive(Clone, Copy)]
struct DataChunk {
    start: usize,
    /// The size that the header states.
    size: u64,
    /// Whether the file contains nothing but the format and the data.
    is_plain: bool,
}

/// Reads the start of a file of `total_bytes` in its byte order.
struct Reader<'a> {
    head: &'a [u8],
    total_bytes: u64,
    is_big_endian: bool,
}

/// The names of chunks, as numbers.
const RIFX: u32 = u32::from_le_bytes(*b"RIFX");
const RIFF: u32 = u32::from_le_bytes(*b"RIFF");
const FMT: u32 = u32::from_le_bytes(*b"fmt ");
const DATA: u32 = u32::from_le_bytes(*b"data");
const LIST: u32 = u32::from_le_bytes(*b"LIST");
const FACT: u32 = u32::from_le_bytes(*b"fact");
const DS64: u32 = u32::from_le_bytes(*b"ds64");

/// Inspects a WAVE file of `total_bytes` that starts with `head`. The outer chunk begins at
/// `start`, after any tags.
pub fn inspect(head: &[u8], start: usize, total_bytes: u64) -> Result<WavContents, Failure> {
    let reader = Reader {
        head,
        total_bytes,
        is_big_endian: name_at(head, start) == Some(RIFX),
    };
    let contents = reader.chunks(start);
    contents.map_err(|(reason, message)| Failure::audio(reason, message))
}

fn name_at(bytes: &[u8], at: usize) -> Option<u32> {
    let name = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*name))
}

fn is_known(name: Option<u32>) -> bool {
    matches!(name, Some(DATA | FMT | LIST | FACT))
}

impl Reader<'_> {
    fn u32_at(&self, at: usize) -> u32 {
        let number = name_at(self.head, at).unwrap_or(0);
        if self.is_big_endian {
            number.swap_bytes()
        } else {
            number
        }
    }

    fn u16_at(&self, at: usize) -> u16 {
        let four = self.u32_at(at);
        (if self.is_big_endian { four >> 16 } else { four }) as u16
    }

    fn chunks(&self, start: usize) -> Result<WavContents, InvalidAudio> {
        let Reader {
            head, total_bytes, ..
        } = *self;
        let outer_end = u64::from(self.u32_at(start + 4)) + start as u64 + 8;
        // The format with the data after it, and nothing else: some readers fail at other chunks,
        // even at valid ones.
        let is_exact = outer_end == total_bytes
            && name_at(head, 0) == Some(RIFF)
            && name_at(head, 12) == Some(FMT);
        let mut long_size = None;
        let mut format = None;
        let mut data: Option<DataChunk> = None;
        let mut at = start.saturating_add(12);
        loop {
            if let (Some(format), Some(data)) = (format, data) {
                return self.contents(format, data);
            }
            if head.len() < at.saturating_add(8) {
                break;
            }
            let size = self.u32_at(at + 4);
            let body = at + 8;
            let next = body.saturating_add(size as usize);
            match name_at(head, at) {
                // Decoders read the first of several.
                Some(FMT) if size >= 16 && head.len() >= body.saturating_add(40).min(next) => {
                    format = format.or(Some(self.format(body, size)));
                }
                // RF64 and BW64 store sizes that exceed 32 bits in a chunk of their own (EBU Tech
                // 3306).
                Some(DS64) => long_size = Some(u64::from(self.u32_at(body + 8))),
                // An empty data chunk before more chunks is not a placeholder.
                Some(DATA) if size == 0 && is_known(name_at(head, body)) => {}
                Some(DATA) if data.is_none() => {
                    data = Some(DataChunk {
                        start: body,
                        size: match long_size {
                            Some(long) if size == UNKNOWN => long,
                            _ => size.into(),
                        },
                        is_plain: is_exact
                            && matches!(body, HEADER_BYTES | LONGER_HEADER_BYTES)
                            && next as u64 == total_bytes,
                    });
                }
                _ => {}
            }
            // Chunks are padded to an even length, which some writers forget.
            let padded = next.saturating_add(size as usize & 1);
            // The padding is zero, and no name of a chunk begins with a control character.
            let is_unpadded =
                next != padded && head.get(next) > Some(&b' ') && !is_known(name_at(head, padded));
            at = if is_unpadded { next } else { padded };
        }
        let is_inside = (at as u64) < total_bytes;
        Err(if is_inside && (head.len() as u64) < total_bytes {
            return Ok(WavContents::Incomplete);
        } else if at as u64 > total_bytes || outer_end > total_bytes {
            TRUNCATED
        } else if data.is_some() {
            (BROKEN, "the WAV file has no format chunk")
        } else {
            (BROKEN, "the WAV file has no data chunk")
        })
    }

    fn format(&self, body: usize, size: u32) -> FormatChunk {
        /// The second quarter of a sub-format whose first quarter is a tag.
        const TAGGED: u32 = 0x0010_0000;

        let [mut tag, channels, block_align, bits] =
            [0, 2, 12, 14].map(|at| self.u16_at(body + at));
        let [sample_rate, byte_rate] = [4, 8].map(|at| self.u32_at(body + at));
        let is_plain = tag == PCM
            && bits == 16
            && u32::from(block_align) == u32::from(channels) * 2
            && u64::from(byte_rate) == u64::from(sample_rate) * u64::from(block_align)
            && (size == 16 || size == 18 && self.u16_at(body + 16) == 0);
        if tag == EXTENSIBLE && size >= 40 && self.u32_at(body + 28) == TAGGED {
            tag = self.u16_at(body + 24);
        }
        let block_bytes = match channels {
            1.. if block_align.is_multiple_of(channels) => block_align / channels,
            _ => 0,
        };
        FormatChunk {
            tag,
            channels,
            sample_rate,
            sample_bytes: match bits.div_ceil(8) {
                0 => block_bytes,
                by_bits => by_bits,
            },
            block_bytes,
            is_plain,
        }
    }

    fn contents(&self, format: FormatChunk, data: DataChunk) -> Result<WavContents, InvalidAudio> {
        let data_start = data.start as u64;
        let available = self.total_bytes.saturating_sub(data_start);
        // Streaming recorders leave the size at 0, or at a placeholder.
        let is_placeholder = data.size == 0 || data.size >= PLACEHOLDER_BYTES.max(available + 1);
        let stated = if is_placeholder { available } else { data.size };
        let data_bytes = stated.min(available);
        if matches!(format.tag, MPEG | MPEG_LAYER_III) {
            return Ok(WavContents::Mpeg(data_start, data_start + data_bytes));
        }
        let Some(sample_format) = self.sample_format(format, data.start)? else {
            return Ok(WavContents::UnsupportedCodec);
        };
        if format.channels == 0 {
            return Err((BROKEN, "the WAV file claims to have no channels"));
        }
        if !(MIN_SAMPLE_RATE..=*RESAMPLED_RATES.end()).contains(&format.sample_rate) {
            return Err((
                BROKEN,
                "the WAV file claims a sample rate that is not from 8,000 to 192,000 Hz",
            ));
        }
        let mut wav = Wav {
            sample_format,
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
        wav.is_plain &= data.size == wav.data_bytes;
        let missing = stated.saturating_sub(available) / frame_bytes;
        if wav.data_bytes == 0 {
            return Err(match missing {
                0 => ("empty", "the WAV file holds no samples"),
                _ => TRUNCATED,
            });
        }
        wav.is_truncated = missing * MISSED_SHARE >= u64::from(wav.sample_rate);
        Ok(WavContents::Audio(wav))
    }

    /// Returns the format of the samples; `None` if it is not one of the known ones. A block align
    /// that exceeds the bits of the samples is often wrong, so the data decide. Only 24 bits are
    /// assumed to be stored in 4 bytes.
    fn sample_format(
        &self,
        format: FormatChunk,
        data_start: usize,
    ) -> Result<Option<SampleFormat>, InvalidAudio> {
        let FormatChunk {
            tag,
            sample_bytes,
            block_bytes,
            ..
        } = format;
        let padding = if tag == PCM && sample_bytes < block_bytes && block_bytes <= 4 {
            self.padding(data_start, sample_bytes, block_bytes)
        } else {
            Padding::default()
        };
        Ok(match (sample_bytes, block_bytes) {
            (3, 4) if padding.is_above => Some(SampleFormat::I24In32),
            (3, 4) => SampleFormat::from_wave_tag(tag, 4),
            (1, _) if padding.is_below => return Err(PADDED),
            _ if padding.is_above => return Err(PADDED),
            _ if padding.is_below => SampleFormat::from_wave_tag(tag, block_bytes),
            _ => SampleFormat::from_wave_tag(tag, sample_bytes),
        })
    }

    /// Determines where the data have padding if each block of `block_bytes` stores a sample of
    /// `sample_bytes`.
    fn padding(&self, data_start: usize, sample_bytes: u16, block_bytes: u16) -> Padding {
        let data = self.head.get(data_start..).unwrap_or_default();
        let sample_bits = 8 * u32::from(sample_bytes);
        let block_shift = 32 - 8 * u32::from(block_bytes);
        let extend = |bits: u32, shift: u32| (bits << shift) as i32 >> shift;
        let (mut below, mut above, mut sounding_blocks) = (0, 0, 0);
        for block in data.chunks_exact(block_bytes.into()) {
            let joined = |bits: u32, byte: &u8| bits << 8 | u32::from(*byte);
            let bits = block.iter().rfold(0, joined);
            below |= bits << block_shift << sample_bits;
            above |= match sample_bytes {
                // Samples of 8 bits have no sign.
                1 => (bits >> 8) as i32,
                _ => extend(bits, 32 - sample_bits) ^ extend(bits, block_shift),
            };
            sounding_blocks += u32::from(bits != 0);
        }
        let is_certain = !self.is_big_endian && sounding_blocks >= MIN_SOUNDING_BLOCKS;
        Padding {
            is_below: is_certain && below == 0,
            is_above: is_certain && above == 0,
        }
    }
}

/// Returns the header of a 16-bit PCM file with `data_bytes` of samples. The size fits into 32
/// bits: an hour has 115 MB.
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

/// Combines two 16-bit fields into 32 bits.
fn pair(first: u16, second: u16) -> u32 {
    u32::from(first) | u32::from(second) << 16
}
