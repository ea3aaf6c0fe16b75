//! Reads FLAC (RFC 9639). Frames do not contain their length: a frame ends where the next starts,
//! and its checksum confirms the end.

use crate::codec_config::CodecConfig;
use crate::reader::{
    LossRecord, RawPacket, Reader, SEARCHED_BYTES, Step, id3_bytes, is_tag, search,
};
use crate::source::{ReadError, Source, be};

/// The largest frame that is looked for: eight channels of 65,535 samples and 32 bits are 2 MB
/// without any compression.
const MOST_FRAME_BYTES: usize = 4 << 20;
const FIRST_LOOK_BYTES: usize = 32 * 1024;
const STREAM_INFO_BYTES: usize = 34;

/// The part of the file that is read next.
enum State {
    Start,
    /// A block of metadata.
    Metadata,
    Frames,
    Searching,
}

pub(crate) struct Flac {
    at: u64,
    end: u64,
    state: State,
    stream_info: Vec<u8>,
    rate: u32,
    /// `None` if the stream does not say.
    total_seconds: Option<f64>,
    look_bytes: usize,
}

impl Flac {
    pub(crate) fn new() -> Self {
        Flac {
            at: 0,
            end: u64::MAX,
            state: State::Start,
            stream_info: Vec::new(),
            rate: 0,
            total_seconds: None,
            look_bytes: FIRST_LOOK_BYTES,
        }
    }

    /// Reads a part of a file, which may begin with the frames if the stream information is known
    /// from elsewhere.
    pub(crate) fn within(start: u64, end: u64, stream_info: Option<&[u8]>) -> Self {
        let mut flac = Flac {
            at: start,
            end,
            ..Flac::new()
        };
        flac.stream_info = stream_info.unwrap_or_default().to_vec();
        flac
    }

    fn begin_frames(&mut self) -> Result<Step, ReadError> {
        let broken = ReadError::Broken("the stream information of FLAC is damaged");
        let config = CodecConfig::flac(&self.stream_info).ok_or(broken)?;
        self.rate = config.sample_rate;
        let packed = be(&self.stream_info[10..18]) & 0x000F_FFFF_FFFF;
        // The number of samples has 36 bits, after the last four of the depth.
        let samples = packed & 0x0F_FFFF_FFFF;
        self.total_seconds = (samples > 0).then(|| samples as f64 / f64::from(self.rate));
        self.state = State::Frames;
        Ok(Step::CodecConfig(Box::new(config)))
    }

    fn finish(&self, losses: &mut LossRecord) -> Step {
        losses.claimed_end = self.total_seconds;
        Step::End
    }

    fn frame(&mut self, source: &Source, losses: &mut LossRecord) -> Result<Step, ReadError> {
        let bytes = source.up_to(self.at, self.look_bytes, self.end)?;
        let is_last = self.at + bytes.len() as u64 >= self.end.min(source.total());
        if bytes.is_empty() || is_tag(bytes) {
            return Ok(self.finish(losses));
        }
        let Some(header) = Header::of(bytes) else {
            self.state = State::Searching;
            losses.gap = true;
            return Ok(Step::Progress);
        };
        let follows = |place: &usize| match &bytes[*place..] {
            [] => is_last,
            rest => Header::of(rest).is_some_and(|next| next.fits(&header)) || is_tag(rest),
        };
        let ends = (header.bytes + 2..=bytes.len()).filter(follows);
        let whole = ends.into_iter().find(|end| crc16(&bytes[..*end]) == 0);
        let Some(end) = whole else {
            if !is_last && self.look_bytes < MOST_FRAME_BYTES {
                self.look_bytes *= 4;
                return Ok(Step::Progress);
            }
            losses.skip(1);
            self.at += 1;
            self.look_bytes = FIRST_LOOK_BYTES;
            self.state = State::Searching;
            return Ok(Step::Progress);
        };
        let rate = f64::from(self.rate);
        let start = header
            .start(&self.stream_info)
            .map(|sample| sample as f64 / rate);
        let packet = RawPacket {
            data: bytes[..end].to_vec(),
            start,
            seconds: Some(f64::from(header.samples) / rate),
        };
        self.at += end as u64;
        self.look_bytes = self.look_bytes.min((end * 4).max(FIRST_LOOK_BYTES));
        Ok(Step::RawPacket(packet))
    }

    fn search(&mut self, source: &Source, losses: &mut LossRecord) -> Result<Step, ReadError> {
        let bytes = source.up_to(self.at, SEARCHED_BYTES, self.end)?;
        let is_last = self.at + bytes.len() as u64 >= self.end.min(source.total());
        let is_start = |bytes: &[u8]| Header::of(bytes).is_some();
        match search(bytes, self.at, is_last, 16, is_start) {
            Ok(place) => {
                losses.skip(place - self.at);
                self.at = place;
                self.state = State::Frames;
            }
            Err(place) => {
                losses.skip(place - self.at);
                self.at = place;
                if is_last {
                    return Ok(self.finish(losses));
                }
            }
        }
        Ok(Step::Progress)
    }
}

impl Reader for Flac {
    fn step(&mut self, source: &Source, losses: &mut LossRecord) -> Result<Step, ReadError> {
        match self.state {
            State::Start => {
                let head = source.up_to(self.at, 10, self.end)?;
                let tag = id3_bytes(head);
                if tag > 0 {
                    self.at += tag;
                } else if head.starts_with(b"fLaC") {
                    self.at += 4;
                    self.state = State::Metadata;
                } else if self.stream_info.len() >= STREAM_INFO_BYTES {
                    return self.begin_frames();
                } else {
                    return Err(if head.len() < 4 {
                        ReadError::End
                    } else {
                        ReadError::Broken("no FLAC in it")
                    });
                }
                Ok(Step::Progress)
            }
            State::Metadata => {
                let header = source.get(self.at, 4)?;
                let (kind, size) = (header[0], be(&header[1..]));
                // The audio may begin although no block was marked as the last.
                if kind == 0xFF && !self.stream_info.is_empty() {
                    return self.begin_frames();
                }
                if kind & 0x7F == 0 && self.stream_info.is_empty() {
                    self.stream_info = source.get(self.at + 4, size as usize)?.to_vec();
                }
                self.at += 4 + size;
                match kind & 0x80 {
                    0 => Ok(Step::Progress),
                    _ => self.begin_frames(),
                }
            }
            State::Frames => self.frame(source, losses),
            State::Searching => self.search(source, losses),
        }
    }
}

/// The header of a frame.
struct Header {
    /// The length of the header itself.
    bytes: usize,
    samples: u32,
    /// The number of the frame, or of its first sample.
    number: u64,
    counts_samples: bool,
    layout: (u8, u8, u8),
}

impl Header {
    fn of(frame: &[u8]) -> Option<Self> {
        let [0xFF, second, sizes, layout, ..] = *frame else {
            return None;
        };
        let (size, rate) = (sizes >> 4, sizes & 0x0F);
        if second & 0xFE != 0xF8 || size == 0 || rate == 15 || layout >> 4 > 10 || layout & 1 != 0 {
            return None;
        }
        let first = *frame.get(4)?;
        let length = match first.leading_ones() {
            0 => 1,
            ones @ 2..=7 => ones as usize,
            _ => return None,
        };
        let coded = frame.get(4..4 + length)?;
        if coded[1..].iter().any(|byte| byte & 0xC0 != 0x80) {
            return None;
        }
        let mask = match length {
            1 => 0x7F,
            length => 0x7F_u32 >> length,
        };
        let number = coded[1..]
            .iter()
            .fold(u64::from(u32::from(first) & mask), |sum, byte| {
                sum << 6 | u64::from(byte & 0x3F)
            });
        let mut at = 4 + length;
        let samples = match size {
            1 => 192,
            2..=5 => 576 << (size - 2),
            6 => u32::from(*frame.get(at)?) + 1,
            7 => be(frame.get(at..at + 2)?) as u32 + 1,
            _ => 256 << (size - 8),
        };
        at += match size {
            6 => 1,
            7 => 2,
            _ => 0,
        };
        at += match rate {
            12 => 1,
            13 | 14 => 2,
            _ => 0,
        };
        let sum = *frame.get(at)?;
        (crc8(&frame[..at]) == sum).then_some(Header {
            bytes: at + 1,
            samples,
            number,
            counts_samples: second & 1 == 1,
            layout: (second, rate, layout & 0x0E),
        })
    }

    /// True if this may be the frame that follows `before`.
    fn fits(&self, before: &Header) -> bool {
        let expected = if self.counts_samples {
            before.number + u64::from(before.samples)
        } else {
            before.number + 1
        };
        // After damage, a later frame follows.
        self.layout == before.layout && self.number >= expected
    }

    /// Returns the number of the first sample.
    fn start(&self, stream_info: &[u8]) -> Option<u64> {
        if self.counts_samples {
            Some(self.number)
        } else {
            let block = be(stream_info.get(2..4)?);
            self.number.checked_mul(block)
        }
    }
}

/// Returns the duration of a frame, in seconds.
pub(crate) fn seconds(frame: &[u8], rate: u32) -> Option<f64> {
    Header::of(frame).map(|header| f64::from(header.samples) / f64::from(rate.max(1)))
}

fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ byte, |sum, _| {
            sum << 1 ^ if sum & 0x80 != 0 { 0x07 } else { 0 }
        })
    })
}

/// Computes the CRC-16, which is 0 over a frame with its own checksum.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum, byte| {
        let index = (sum >> 8) as u8 ^ byte;
        sum << 8 ^ CRC16[usize::from(index)]
    })
}

const CRC16: [u16; 256] = {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut sum = (index as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            sum = sum << 1 ^ if sum & 0x8000 != 0 { 0x8005 } else { 0 };
            bit += 1;
        }
        table[index] = sum;
        index += 1;
    }
    table
};
