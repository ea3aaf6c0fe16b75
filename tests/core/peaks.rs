//! Tests of the peaks that a waveform shows.

use proptest::prelude::*;
use thetaone_web::core::audio::peaks::pcm_range;

fn pcm(samples: &[i16]) -> Vec<u8> {
    samples
        .iter()
        .flat_map(|sample| sample.to_le_bytes())
        .collect()
}

#[test]
fn the_range_is_the_smallest_and_the_largest_sample() {
    assert_eq!(pcm_range(&pcm(&[300, -200, 0, 255])), (-200, 300));
    assert_eq!(pcm_range(&pcm(&[-7])), (-7, -7));
}

#[test]
fn full_scale_is_reached_at_both_ends() {
    assert_eq!(
        pcm_range(&pcm(&[0, i16::MIN, i16::MAX])),
        (i16::MIN, i16::MAX)
    );
}

#[test]
fn an_offset_is_no_swing_to_zero() {
    assert_eq!(pcm_range(&pcm(&[8_192; 5])), (8_192, 8_192));
    assert_eq!(pcm_range(&pcm(&[-8_192; 5])), (-8_192, -8_192));
}

#[test]
fn no_samples_change_no_other_range() {
    assert_eq!(pcm_range(&[]), (i16::MAX, i16::MIN));
}

#[test]
fn half_a_sample_at_the_end_does_not_count() {
    assert_eq!(pcm_range(&[1, 0, 0x80]), (1, 1));
    assert_eq!(pcm_range(&[0x80]), (i16::MAX, i16::MIN));
}

proptest! {
    #[test]
    fn the_ranges_of_blocks_merge_into_that_of_all_samples(
        samples in prop::collection::vec(any::<i16>(), 1..2_000),
        block_samples in 1usize..700,
    ) {
        let ranges: Vec<_> = samples
            .chunks(block_samples)
            .map(|block| pcm_range(&pcm(block)))
            .collect();
        let smallest = ranges.iter().map(|range| range.0).min();
        let largest = ranges.iter().map(|range| range.1).max();
        prop_assert_eq!(smallest, samples.iter().copied().min());
        prop_assert_eq!(largest, samples.iter().copied().max());
    }
}
