//! Decodes samples that need no decoder of the browser.

/// The encoding of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleKind {
    /// Integers whose middle is half of their range.
    Unsigned,
    /// Integers.
    Signed,
    /// IEEE 754.
    Float,
    /// A-law of ITU-T G.711.
    Alaw,
    /// µ-law of ITU-T G.711.
    Mulaw,
}

/// The layout of interleaved samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pcm {
    /// The encoding of a sample.
    pub kind: SampleKind,
    /// The length of a sample, in bytes.
    pub bytes: u32,
    /// Whether the highest byte comes first.
    pub is_big_endian: bool,
    /// The number of channels.
    pub channels: u32,
}

impl Pcm {
    /// Creates the layout, if it can be read here.
    pub(crate) fn new(
        kind: SampleKind,
        bits: u32,
        is_big_endian: bool,
        channels: u32,
    ) -> Option<Self> {
        let bytes = bits.div_ceil(8);
        let is_known = match kind {
            SampleKind::Unsigned | SampleKind::Signed => (1..=4).contains(&bytes),
            SampleKind::Float => bits == 32 || bits == 64,
            SampleKind::Alaw | SampleKind::Mulaw => bytes == 1,
        };
        (is_known && (1..=64).contains(&channels)).then_some(Pcm {
            kind,
            bytes,
            is_big_endian,
            channels,
        })
    }

    pub(crate) fn frame_bytes(&self) -> usize {
        (self.bytes * self.channels) as usize
    }

    /// Returns the samples of `data`, interleaved, full scale being ±1.
    pub fn decode(&self, data: &[u8]) -> Vec<f32> {
        let bytes = self.bytes as usize;
        let mut ordered = [0; 8];
        data.chunks_exact(bytes)
            .map(|sample| {
                ordered[..bytes].copy_from_slice(sample);
                if self.is_big_endian {
                    ordered[..bytes].reverse();
                }
                self.value(&ordered)
            })
            .collect()
    }

    fn value(&self, sample: &[u8; 8]) -> f32 {
        let low = [sample[0], sample[1], sample[2], sample[3]];
        let shift = 32 - 8 * self.bytes.min(4);
        let raw = u32::from_le_bytes(low) << shift;
        let scale = 1.0 / 2_147_483_648.0;
        match self.kind {
            SampleKind::Signed => raw as i32 as f32 * scale,
            SampleKind::Unsigned => (raw ^ 0x8000_0000) as i32 as f32 * scale,
            SampleKind::Float if self.bytes == 8 => f64::from_le_bytes(*sample) as f32,
            SampleKind::Float => f32::from_le_bytes(low),
            SampleKind::Alaw => alaw(sample[0]),
            SampleKind::Mulaw => mulaw(sample[0]),
        }
    }
}

/// ITU-T G.711.
fn alaw(code: u8) -> f32 {
    let code = code ^ 0x55;
    let (exponent, mantissa) = (code >> 4 & 7, i32::from(code & 0x0F) << 4);
    let size = match exponent {
        0 => mantissa + 8,
        exponent => (mantissa + 0x108) << (exponent - 1),
    };
    signed(size, code & 0x80 != 0)
}

fn mulaw(code: u8) -> f32 {
    let code = !code;
    let size = ((i32::from(code & 0x0F) << 3) + 0x84) << (code >> 4 & 7);
    signed(size - 0x84, code & 0x80 == 0)
}

fn signed(size: i32, is_positive: bool) -> f32 {
    let value = size as f32 / 32_768.0;
    if is_positive { value } else { -value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_reads_half_of_full_scale() {
        use SampleKind::{Float, Signed, Unsigned};
        for (kind, bits, big, data) in [
            (Unsigned, 8, false, &[0xC0][..]),
            (Signed, 8, false, &[0x40]),
            (Signed, 16, false, &[0, 0x40]),
            (Signed, 16, true, &[0x40, 0]),
            (Signed, 24, true, &[0x40, 0, 0]),
            (Signed, 32, false, &[0, 0, 0, 0x40]),
            (Float, 32, true, &[0x3F, 0, 0, 0]),
            (Float, 64, false, &[0, 0, 0, 0, 0, 0, 0xE0, 0x3F]),
        ] {
            let pcm = Pcm::new(kind, bits, big, 1).unwrap();
            assert_eq!(pcm.decode(data), [0.5], "{kind:?} {bits}");
        }
        assert_eq!(Pcm::new(Float, 16, false, 1), None);
    }

    #[test]
    fn g711_is_symmetric_and_reaches_its_peaks() {
        assert_eq!((alaw(0xAA), alaw(0x2A)), (0.984_375, -0.984_375));
        assert_eq!((mulaw(0x80), mulaw(0x00)), (0.980_346_7, -0.980_346_7));
        assert_eq!((mulaw(0xFF), mulaw(0x7F)), (0.0, 0.0));
    }
}
