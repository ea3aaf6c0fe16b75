//! What a sample may be.

/// 120 dB above full scale. Nothing louder is sound, and sums and filters of
/// what is below stay numbers.
const LOUDEST: f32 = 1e6;

/// The sample, full scale being ±1; silence where it is no number, which a
/// filter would remember for ever.
#[inline]
pub fn audible(sample: f32) -> f32 {
    // One comparison, which a NaN fails too: this is asked of every sample.
    if sample.abs() <= LOUDEST {
        sample
    } else {
        limited(sample)
    }
}

#[cold]
fn limited(sample: f32) -> f32 {
    if sample.is_finite() {
        sample.clamp(-LOUDEST, LOUDEST)
    } else {
        0.0
    }
}
