//! The header of an MPEG audio frame, of four bytes.

/// The standard of a frame. The three differ in rates and sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// ISO/IEC 11172-3: 32 to 48 kHz.
    One,
    /// ISO/IEC 13818-3: half the rates.
    Two,
    /// A quarter of the rates: Fraunhofer's extension, which was never standardized.
    TwoAndAHalf,
}

/// The layer, which is the codec of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// MP1.
    One,
    /// MP2.
    Two,
    /// MP3.
    Three,
}

/// The length of a header, in bytes.
pub(super) const HEADER_BYTES: usize = 4;

/// The content of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The standard.
    pub version: Version,
    /// The layer.
    pub layer: Layer,
    /// The bit rate in bits per second; 0 in free format, where only the position of the next frame
    /// tells the length.
    pub bit_rate: u32,
    /// The sample rate, in Hz.
    pub sample_rate: u32,
    /// The number of channels.
    pub channels: u16,
    /// Whether a checksum follows the header.
    pub has_checksum: bool,
    is_padded: bool,
}

impl Header {
    /// Parses the header at the start of `bytes`.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let &[0xFF, kind, rates, mode, ..] = bytes else {
            return None;
        };
        if kind & 0xE0 != 0xE0 {
            return None;
        }
        let (version, rate_divisor) = match kind >> 3 & 0b11 {
            0b11 => (Version::One, 1),
            0b10 => (Version::Two, 2),
            0b00 => (Version::TwoAndAHalf, 4),
            _ => return None,
        };
        let layer = match kind >> 1 & 0b11 {
            0b11 => Layer::One,
            0b10 => Layer::Two,
            0b01 => Layer::Three,
            // ADTS, which is AAC.
            _ => return None,
        };
        let sample_rate = [44_100, 48_000, 32_000].get(usize::from(rates >> 2 & 0b11))?;
        let kbps = kbps(version, layer).get(usize::from(rates >> 4))?;
        Some(Header {
            version,
            layer,
            bit_rate: u32::from(*kbps) * 1000,
            sample_rate: sample_rate / rate_divisor,
            channels: if mode >> 6 == 0b11 { 1 } else { 2 },
            has_checksum: kind & 1 == 0,
            is_padded: rates >> 1 & 1 == 1,
        })
    }

    /// The length of the frame, header included, in bytes; `None` in free format.
    pub fn frame_bytes(&self) -> Option<usize> {
        let slots = match (self.layer, self.version) {
            (Layer::One, _) => 12,
            (Layer::Three, Version::Two | Version::TwoAndAHalf) => 72,
            _ => 144,
        };
        let filled = slots * self.bit_rate / self.sample_rate * self.slot_bytes();
        (self.bit_rate > 0).then_some(filled as usize + self.padding_bytes())
    }

    /// The length of the padding, in bytes.
    pub fn padding_bytes(&self) -> usize {
        if self.is_padded {
            self.slot_bytes() as usize
        } else {
            0
        }
    }

    fn slot_bytes(&self) -> u32 {
        match self.layer {
            Layer::One => 4,
            _ => 1,
        }
    }

    /// The number of samples in the frame, per channel.
    pub fn samples(&self) -> u32 {
        match (self.layer, self.version) {
            (Layer::One, _) => 384,
            (Layer::Three, Version::Two | Version::TwoAndAHalf) => 576,
            _ => 1152,
        }
    }

    /// The length of the side information between a layer III header (and its checksum) and the
    /// audio, in bytes.
    pub fn side_info_bytes(&self) -> usize {
        match (self.version, self.channels) {
            (Version::One, 1) => 17,
            (Version::One, _) => 32,
            (_, 1) => 9,
            _ => 17,
        }
    }

    /// True if both headers can belong to one stream. Bit rate and channels may change within a
    /// stream, but these three may not.
    pub fn continues(&self, other: &Header) -> bool {
        (self.version, self.layer, self.sample_rate)
            == (other.version, other.layer, other.sample_rate)
    }
}

fn kbps(version: Version, layer: Layer) -> &'static [u16; 15] {
    match (version, layer) {
        (Version::One, Layer::One) => &[
            0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448,
        ],
        (Version::One, Layer::Two) => &[
            0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384,
        ],
        (Version::One, Layer::Three) => &[
            0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
        ],
        (_, Layer::One) => &[
            0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256,
        ],
        _ => &[0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    }
}
