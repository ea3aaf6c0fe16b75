//! Decodes the samples of WAV files.

use crate::core::audio::dsp::sanitize::sanitize;

/// The encoding of one sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleFormat {
    /// Unsigned, 8 bits.
    U8,
    /// Signed, 16 bits, little-endian.
    I16,
    /// Signed, 24 bits, little-endian.
    I24,
    /// Signed, 24 bits in the low bytes of 32, little-endian.
    I24In32,
    /// Signed, 32 bits, little-endian.
    I32,
    /// IEEE 754, 32 bits, little-endian.
    F32,
    /// IEEE 754, 64 bits, little-endian.
    F64,
    /// ITU-T G.711 A-law.
    ALaw,
    /// ITU-T G.711 µ-law.
    MuLaw,
}

impl SampleFormat {
    /// Returns the sample format for a WAVE format tag and samples of this length, whose highest
    /// bits are in use; `None` for anything else, such as ADPCM.
    pub const fn from_wave_tag(tag: u16, sample_bytes: u16) -> Option<Self> {
        match (tag, sample_bytes) {
            (1, 1) => Some(SampleFormat::U8),
            (1, 2) => Some(SampleFormat::I16),
            (1, 3) => Some(SampleFormat::I24),
            (1, 4) => Some(SampleFormat::I32),
            (3, 4) => Some(SampleFormat::F32),
            (3, 8) => Some(SampleFormat::F64),
            (6, 1) => Some(SampleFormat::ALaw),
            (7, 1) => Some(SampleFormat::MuLaw),
            _ => None,
        }
    }

    /// The length of one sample, in bytes.
    pub const fn bytes(self) -> usize {
        match self {
            SampleFormat::U8 | SampleFormat::ALaw | SampleFormat::MuLaw => 1,
            SampleFormat::I16 => 2,
            SampleFormat::I24 => 3,
            SampleFormat::I24In32 | SampleFormat::I32 | SampleFormat::F32 => 4,
            SampleFormat::F64 => 8,
        }
    }

    /// True if 16 bits hold the whole sample.
    pub const fn fits_16_bits(self) -> bool {
        matches!(
            self,
            SampleFormat::U8 | SampleFormat::I16 | SampleFormat::ALaw | SampleFormat::MuLaw
        )
    }

    /// Appends the samples in `bytes` with channels interleaved, full scale being ±1. NaN and
    /// infinities become silence. An incomplete sample at the end is ignored.
    pub fn decode(self, bytes: &[u8], is_big_endian: bool, samples: &mut Vec<f32>) {
        // Nearly all files have one of these two formats, so they have loops without a decision per
        // sample. Such a loop for every format would be a thirtieth of the wasm module.
        match self {
            SampleFormat::I16 if !is_big_endian => extend(bytes, samples, of_i16),
            SampleFormat::F32 if !is_big_endian => extend(bytes, samples, of_f32),
            _ => samples.extend(bytes.chunks_exact(self.bytes()).map(|bytes| {
                let joined = |bits: u64, byte: &u8| bits << 8 | u64::from(*byte);
                self.sample(if is_big_endian {
                    bytes.iter().fold(0, joined)
                } else {
                    bytes.iter().rfold(0, joined)
                })
            })),
        }
    }

    fn sample(self, bits: u64) -> f32 {
        match self {
            SampleFormat::U8 => (bits as f32 - 128.0) / 128.0,
            SampleFormat::ALaw => a_law(bits as u8),
            SampleFormat::MuLaw => mu_law(bits as u8),
            SampleFormat::F32 => sanitize(f32::from_bits(bits as u32)),
            SampleFormat::F64 => sanitize(f64::from_bits(bits) as f32),
            SampleFormat::I16 => of_32_bits(bits << 16),
            SampleFormat::I24 | SampleFormat::I24In32 => of_32_bits(bits << 8),
            SampleFormat::I32 => of_32_bits(bits),
        }
    }
}

fn of_32_bits(bits: u64) -> f32 {
    bits as i32 as f32 / 2_147_483_648.0
}

fn of_i16(sample: [u8; 2]) -> f32 {
    f32::from(i16::from_le_bytes(sample)) / 32_768.0
}

fn of_f32(sample: [u8; 4]) -> f32 {
    sanitize(f32::from_le_bytes(sample))
}

fn extend<const WIDTH: usize>(
    bytes: &[u8],
    samples: &mut Vec<f32>,
    sample: impl Fn([u8; WIDTH]) -> f32,
) {
    let (whole, _) = bytes.as_chunks::<WIDTH>();
    samples.extend(whole.iter().map(|&bytes| sample(bytes)));
}

/// ITU-T G.711, table 1a.
fn a_law(byte: u8) -> f32 {
    let byte = byte ^ 0x55;
    let exponent = byte >> 4 & 7;
    let mantissa = i32::from(byte & 15) * 2 + 1;
    let magnitude = match exponent {
        0 => mantissa,
        _ => (mantissa + 32) << (exponent - 1),
    };
    // 13 bits in all.
    let sign = if byte & 0x80 != 0 { 1.0 } else { -1.0 };
    sign * magnitude as f32 / 4_096.0
}

/// ITU-T G.711, table 2a.
fn mu_law(byte: u8) -> f32 {
    let byte = !byte;
    let exponent = byte >> 4 & 7;
    let mantissa = i32::from(byte & 15) * 2 + 33;
    let magnitude = (mantissa << exponent) - 33;
    // 14 bits in all.
    let sign = if byte & 0x80 != 0 { -1.0 } else { 1.0 };
    sign * magnitude as f32 / 8_192.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(coding: SampleFormat, bytes: &[u8]) -> Vec<f32> {
        let mut mono = Vec::new();
        coding.decode(bytes, false, &mut mono);
        mono
    }

    #[test]
    fn every_format_has_its_zero_and_full_scale() {
        assert_eq!(decoded(SampleFormat::U8, &[128, 0, 192]), [0.0, -1.0, 0.5]);
        assert_eq!(
            decoded(SampleFormat::I16, &[0, 0, 0, 0x80, 0, 0x40]),
            [0.0, -1.0, 0.5]
        );
        assert_eq!(
            decoded(SampleFormat::I24, &[0, 0, 0, 0, 0, 0x80, 0, 0, 0x40]),
            [0.0, -1.0, 0.5]
        );
        assert_eq!(
            decoded(SampleFormat::I24In32, &[0, 0, 0x40, 0, 0, 0, 0xC0, 0xFF]),
            [0.5, -0.5]
        );
        assert_eq!(
            decoded(SampleFormat::I32, &[0, 0, 0, 0x80, 0, 0, 0, 0x40]),
            [-1.0, 0.5]
        );
        assert_eq!(decoded(SampleFormat::F32, &0.25f32.to_le_bytes()), [0.25]);
        assert_eq!(
            decoded(SampleFormat::F64, &(-0.25f64).to_le_bytes()),
            [-0.25]
        );
    }

    #[test]
    fn big_endian_samples_are_decoded() {
        for (coding, bytes) in [
            (SampleFormat::I16, &[0x40, 0][..]),
            (SampleFormat::I24, &[0x40, 0, 0]),
            (SampleFormat::I32, &[0x40, 0, 0, 0]),
            (SampleFormat::F32, &0.5f32.to_be_bytes()),
            (SampleFormat::F64, &0.5f64.to_be_bytes()),
        ] {
            let mut samples = Vec::new();
            coding.decode(bytes, true, &mut samples);
            assert_eq!(samples, [0.5], "{coding:?}");
        }
    }

    /// The values of the tables in G.711.
    #[test]
    fn g711_is_decoded_by_its_tables() {
        let a_law: Vec<f32> = decoded(SampleFormat::ALaw, &[0xD5, 0x55, 0xAA, 0x2A]);
        assert_eq!(a_law, [1.0, -1.0, 4_032.0, -4_032.0].map(|v| v / 4_096.0));
        let mu_law: Vec<f32> = decoded(SampleFormat::MuLaw, &[0xFF, 0x7F, 0x80, 0x00]);
        assert_eq!(mu_law, [0.0, 0.0, 8_031.0, -8_031.0].map(|v| v / 8_192.0));
    }

    #[test]
    fn an_incomplete_sample_is_ignored() {
        assert_eq!(decoded(SampleFormat::I16, &[0, 0x40, 7]), [0.5]);
        assert_eq!(decoded(SampleFormat::I24, &[0, 0, 0x40, 7, 7]), [0.5]);
    }

    #[test]
    fn nan_is_silence() {
        assert_eq!(decoded(SampleFormat::F32, &f32::NAN.to_le_bytes()), [0.0]);
        assert_eq!(
            decoded(SampleFormat::F64, &f64::INFINITY.to_le_bytes()),
            [0.0]
        );
    }
}
