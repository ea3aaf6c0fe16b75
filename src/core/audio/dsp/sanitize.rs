//! Limits samples to numbers that filters can process.

/// The largest sample: 120 dB above full scale. Nothing louder is sound, and sums and filters of
/// smaller samples stay finite.
const LOUDEST: f32 = 1e6;

/// Returns the sample, full scale being ±1, limited to finite numbers. NaN becomes silence, because
/// a filter would never forget it.
#[inline]
pub fn sanitize(sample: f32) -> f32 {
    // A single comparison, which a NaN fails too: this runs for every sample.
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
