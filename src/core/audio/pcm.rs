//! From the bytes of a WAV file's audio to samples.

use super::sample::audible;

/// How one sample is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// Unsigned, 8 bits.
    U8,
    /// Signed, 16 bits, little-endian.
    I16,
    /// Signed, 24 bits, little-endian.
    I24,
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

impl Coding {
    /// The coding for a WAVE format tag and a number of bits; `None` where the
    /// file holds something else, such as ADPCM.
    pub const fn of(tag: u16, bits: u16) -> Option<Self> {
        match (tag, bits) {
            (1, 8) => Some(Coding::U8),
            (1, 16) => Some(Coding::I16),
            (1, 24) => Some(Coding::I24),
            (1, 32) => Some(Coding::I32),
            (3, 32) => Some(Coding::F32),
            (3, 64) => Some(Coding::F64),
            (6, 8) => Some(Coding::ALaw),
            (7, 8) => Some(Coding::MuLaw),
            _ => None,
        }
    }

    /// The length of one sample, in bytes.
    pub const fn bytes(self) -> usize {
        match self {
            Coding::U8 | Coding::ALaw | Coding::MuLaw => 1,
            Coding::I16 => 2,
            Coding::I24 => 3,
            Coding::I32 | Coding::F32 => 4,
            Coding::F64 => 8,
        }
    }

    /// Whether 16 bits hold all of it.
    pub const fn fits_16_bits(self) -> bool {
        matches!(
            self,
            Coding::U8 | Coding::I16 | Coding::ALaw | Coding::MuLaw
        )
    }

    /// Decodes interleaved frames of `channels` samples and downmixes them to
    /// mono; full scale is ±1, and what is no number is silence. What is left of
    /// a broken frame at the end is ignored.
    pub fn decode(self, bytes: &[u8], channels: u16, mono: &mut Vec<f32>) {
        // What nearly all files hold gets loops of its own, in which nothing is left
        // to decide for each sample; such a loop for each coding is a thirtieth of
        // the wasm module.
        match (self, channels) {
            (Coding::I16, 1) => of_singles(bytes, mono, of_i16),
            (Coding::F32, 1) => of_singles(bytes, mono, of_f32),
            (Coding::I16, 2) => of_pairs(bytes, mono, of_i16),
            (Coding::F32, 2) => of_pairs(bytes, mono, of_f32),
            _ => self.of_any(bytes, channels.max(1), mono),
        }
    }

    fn of_any(self, bytes: &[u8], channels: u16, mono: &mut Vec<f32>) {
        let share = 1.0 / f32::from(channels);
        let width = self.bytes();
        for frame in bytes.chunks_exact(width * usize::from(channels)) {
            let samples = frame.chunks_exact(width).map(|bytes| self.sample(bytes));
            mono.push(samples.sum::<f32>() * share);
        }
    }

    fn sample(self, bytes: &[u8]) -> f32 {
        const STEPS_32: f32 = 2_147_483_648.0;
        match (self, bytes) {
            (Coding::U8, &[a]) => (f32::from(a) - 128.0) / 128.0,
            (Coding::ALaw, &[a]) => a_law(a),
            (Coding::MuLaw, &[a]) => mu_law(a),
            (Coding::I16, &[a, b]) => of_i16([a, b]),
            (Coding::I24, &[a, b, c]) => i32::from_le_bytes([0, a, b, c]) as f32 / STEPS_32,
            (Coding::I32, &[a, b, c, d]) => i32::from_le_bytes([a, b, c, d]) as f32 / STEPS_32,
            (Coding::F32, &[a, b, c, d]) => of_f32([a, b, c, d]),
            (Coding::F64, &[a, b, c, d, e, f, g, h]) => {
                audible(f64::from_le_bytes([a, b, c, d, e, f, g, h]) as f32)
            }
            // No coding has samples of another length.
            _ => 0.0,
        }
    }
}

fn of_i16(sample: [u8; 2]) -> f32 {
    f32::from(i16::from_le_bytes(sample)) / 32_768.0
}

fn of_f32(sample: [u8; 4]) -> f32 {
    audible(f32::from_le_bytes(sample))
}

fn of_singles<const WIDTH: usize>(
    bytes: &[u8],
    mono: &mut Vec<f32>,
    sample: impl Fn([u8; WIDTH]) -> f32,
) {
    let (samples, _) = bytes.as_chunks::<WIDTH>();
    mono.extend(samples.iter().map(|&bytes| sample(bytes)));
}

fn of_pairs<const WIDTH: usize>(
    bytes: &[u8],
    mono: &mut Vec<f32>,
    sample: impl Fn([u8; WIDTH]) -> f32,
) {
    let (samples, _) = bytes.as_chunks::<WIDTH>();
    let (frames, _) = samples.as_chunks::<2>();
    mono.extend(
        frames
            .iter()
            .map(|&[left, right]| (sample(left) + sample(right)) * 0.5),
    );
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

    fn decoded(coding: Coding, bytes: &[u8]) -> Vec<f32> {
        let mut mono = Vec::new();
        coding.decode(bytes, 1, &mut mono);
        mono
    }

    #[test]
    fn every_coding_has_its_zero_and_its_full_scale() {
        assert_eq!(decoded(Coding::U8, &[128, 0, 192]), [0.0, -1.0, 0.5]);
        assert_eq!(
            decoded(Coding::I16, &[0, 0, 0, 0x80, 0, 0x40]),
            [0.0, -1.0, 0.5]
        );
        assert_eq!(
            decoded(Coding::I24, &[0, 0, 0, 0, 0, 0x80, 0, 0, 0x40]),
            [0.0, -1.0, 0.5]
        );
        assert_eq!(
            decoded(Coding::I32, &[0, 0, 0, 0x80, 0, 0, 0, 0x40]),
            [-1.0, 0.5]
        );
        assert_eq!(decoded(Coding::F32, &0.25f32.to_le_bytes()), [0.25]);
        assert_eq!(decoded(Coding::F64, &(-0.25f64).to_le_bytes()), [-0.25]);
    }

    /// Values of the tables in G.711.
    #[test]
    fn g711_is_decoded_by_its_tables() {
        let a_law: Vec<f32> = decoded(Coding::ALaw, &[0xD5, 0x55, 0xAA, 0x2A]);
        assert_eq!(a_law, [1.0, -1.0, 4_032.0, -4_032.0].map(|v| v / 4_096.0));
        let mu_law: Vec<f32> = decoded(Coding::MuLaw, &[0xFF, 0x7F, 0x80, 0x00]);
        assert_eq!(mu_law, [0.0, 0.0, 8_031.0, -8_031.0].map(|v| v / 8_192.0));
    }

    #[test]
    fn channels_are_averaged_and_broken_frames_ignored() {
        let mut mono = Vec::new();
        Coding::U8.decode(&[255, 129, 0, 0, 7], 2, &mut mono);
        assert_eq!(mono, [0.5, -1.0]);
    }

    #[test]
    fn what_is_no_number_is_silence() {
        assert_eq!(decoded(Coding::F32, &f32::NAN.to_le_bytes()), [0.0]);
        assert_eq!(decoded(Coding::F64, &f64::INFINITY.to_le_bytes()), [0.0]);
    }
}
