//! Tests of the peaks that are drawn.

use proptest::prelude::*;
use thetaone_web::core::audio::peaks::peaks;

#[test]
fn the_smallest_and_the_largest_sample_are_found() {
    assert_eq!(peaks(&[0.5, -0.25, 0.125]), (-0.25, 0.5));
    assert_eq!(peaks(&[-1.0, 1.0]), (-1.0, 1.0));
    assert_eq!(peaks(&[0.25]), (0.25, 0.25));
}

#[test]
fn an_offset_is_not_drawn_as_a_swing_to_zero() {
    assert_eq!(peaks(&[0.5, 0.25, 0.5]), (0.25, 0.5));
    assert_eq!(peaks(&[-0.5, -0.25]), (-0.5, -0.25));
}

#[test]
fn no_samples_are_silent() {
    assert_eq!(peaks(&[]), (0.0, 0.0));
}

proptest! {
    #[test]
    fn all_samples_are_between_their_peaks(
        samples in prop::collection::vec(-1.0f32..=1.0, 1..400),
    ) {
        let (smallest, largest) = peaks(&samples);
        prop_assert!(samples.contains(&smallest) && samples.contains(&largest));
        prop_assert!(samples.iter().all(|sample| (smallest..=largest).contains(sample)));
    }
}
