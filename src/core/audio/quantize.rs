//! Quantizes samples to 16 bits.
//!
//! Rounding alone ties the error to the signal, which is audible as distortion in quiet speech.
//! Noise with a triangular distribution of two steps (TPDF dither; Lipshitz, Wannamaker and
//! Vanderkooy, "Quantization and Dither", JAES 40, 1992) turns the error into a steady hiss, 6 dB
//! below the noise of any microphone.

/// The seed is constant: one recording always becomes the same bytes, so that data stored under
/// their checksum is found again.
const SEED: u32 = 0x9E37_79B9;

/// The number of 16-bit steps from zero to full scale.
const STEPS: f32 = 32_768.0;

/// Writes 16-bit little-endian samples.
#[derive(Debug)]
pub struct Quantizer {
    /// `None` if the samples had 16 bits before: they are restored exactly.
    noise: Option<Noise>,
}

impl Quantizer {
    /// Creates a quantizer for samples with more than 16 bits.
    pub fn dithered() -> Self {
        Quantizer {
            noise: Some(Noise { state: SEED }),
        }
    }

    /// Creates a quantizer for samples that were read from 16 bits or fewer, and not changed.
    pub fn exact() -> Self {
        Quantizer { noise: None }
    }

    /// Appends `samples` to `pcm`, full scale being ±1. Louder samples are clipped, because
    /// decoders overshoot.
    pub fn write(&mut self, samples: &[f32], pcm: &mut Vec<u8>) {
        let start = pcm.len();
        pcm.resize(start + samples.len() * 2, 0);
        let places = pcm.get_mut(start..).unwrap_or_default();
        let places = places.as_chunks_mut::<2>().0;
        match &mut self.noise {
            Some(noise) => {
                for (place, sample) in places.iter_mut().zip(samples) {
                    *place = rounded(sample * STEPS + noise.triangular()).to_le_bytes();
                }
            }
            None => {
                for (place, sample) in places.iter_mut().zip(samples) {
                    *place = rounded(sample * STEPS).to_le_bytes();
                }
            }
        }
    }
}

/// The conversion to `i16` saturates, and turns NaN into 0.
fn rounded(steps: f32) -> i16 {
    (steps + 0.5).floor() as i16
}

/// Marsaglia's xorshift with 32 bits: far more random than the ear can notice.
#[derive(Debug)]
struct Noise {
    state: u32,
}

impl Noise {
    /// Returns a number from -1 to 1, mostly near 0: the difference of two uniform numbers.
    fn triangular(&mut self) -> f32 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 17;
        self.state ^= self.state << 5;
        let (high, low) = (self.state >> 16, self.state & 0xFFFF);
        (high as f32 - low as f32) / 65_536.0
    }
}
