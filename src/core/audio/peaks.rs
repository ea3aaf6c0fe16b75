//! The peaks of a recording, for drawing its waveform.

/// Returns the smallest and the largest of 16-bit little-endian samples. Without samples, they are
/// the largest and the smallest number of 16 bits, so that the results of blocks can be merged.
pub fn pcm_range(pcm: &[u8]) -> (i16, i16) {
    let (mut smallest, mut largest) = (i16::MAX, i16::MIN);
    for bytes in pcm.as_chunks().0 {
        let sample = i16::from_le_bytes(*bytes);
        smallest = smallest.min(sample);
        largest = largest.max(sample);
    }
    (smallest, largest)
}
