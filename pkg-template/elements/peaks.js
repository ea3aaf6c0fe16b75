// The peaks of a sound, computed once for each take.

/** The number of peaks: the pixels of a wide display. The drawing is stretched to its element. */
const BUCKETS = 2_000;

/**
 * Resolves to pairs of smallest and largest samples: those of `take.peaks()`, or else computed
 * here. `isWanted` is asked in between.
 * @param {any} take
 * @param {import("./sound.js").Sound} sound
 * @param {() => boolean} isWanted
 * @returns {Promise<Float32Array>}
 */
export async function peaksOf(take, sound, isWanted) {
  const frames = Math.max(1, Math.floor(sound.durationSeconds * sound.sampleRate));
  const buckets = Math.min(BUCKETS, frames);
  try {
    const peaks = await take.peaks?.(buckets);
    if (peaks?.length === 2 * buckets) return peaks;
  } catch {
    // Falls back to the samples.
  }
  return sound.peaks(buckets, isWanted);
}
