//! The peaks of a recording, for drawing it.

/// Returns the smallest and the largest of `samples`; 0 if there are none.
pub fn peaks(samples: &[f32]) -> (f32, f32) {
    let first = samples.first().copied().unwrap_or_default();
    let mut peaks = (first, first);
    for sample in samples {
        if *sample < peaks.0 {
            peaks.0 = *sample;
        }
        if *sample > peaks.1 {
            peaks.1 = *sample;
        }
    }
    peaks
}
