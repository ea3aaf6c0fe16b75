//! Channels that cancel each other are not averaged to silence.

use proptest::prelude::*;
use thetaone_web::core::audio::downmix::Downmix;

const RATE: f32 = 16_000.0;

/// Something like a voice: a tone that comes and goes.
fn voice(n: usize) -> f32 {
    let seconds = n as f32 / RATE;
    0.2 * (seconds * 1_200.0).sin() * (seconds * 20.0).sin()
}

fn other_voice(n: usize) -> f32 {
    let seconds = n as f32 / RATE;
    0.2 * (seconds * 1_913.0).sin() * (seconds * 13.0).sin()
}

fn noise(n: usize) -> f32 {
    let hash = (n as u32).wrapping_mul(2_654_435_761) ^ (n as u32) << 7;
    (hash.wrapping_mul(2_246_822_519) >> 8) as f32 / 16_777_216.0 - 0.5
}

fn interleaved(frames: usize, channels: &[&dyn Fn(usize) -> f32]) -> Vec<f32> {
    let frame = |n| channels.iter().map(move |channel| channel(n));
    (0..frames).flat_map(frame).collect()
}

/// The channel that is taken instead of the mean.
fn better(channels: &[&dyn Fn(usize) -> f32]) -> Option<u16> {
    let mut downmix = Downmix::new(channels.len() as u16, None);
    downmix.mix(&interleaved(32_000, channels));
    downmix.better_channel()
}

#[test]
fn channels_that_cancel_each_other_are_not_averaged() {
    let silence = |_| 0.0;
    let inverted = |n| -voice(n);
    assert_eq!(better(&[&voice, &inverted]), Some(0));
    assert_eq!(better(&[&|n| 0.5 * voice(n), &inverted]), Some(1));
    assert_eq!(better(&[&voice, &|n| -0.5 * voice(n)]), Some(0));
    // With noise of their own, hum in common, or an offset.
    assert!(better(&[&|n| voice(n) + 0.01 * noise(n), &inverted]).is_some());
    let hum = |n: usize| 0.02 * (n as f32 / RATE * 377.0).sin();
    assert!(better(&[&|n| voice(n) + hum(n), &|n| hum(n) - voice(n)]).is_some());
    assert!(better(&[&|n| 0.3 + voice(n), &|n| 0.3 - voice(n)]).is_some());
    // In a quarter of the recording.
    let partly = |n: usize| if n < 24_000 { voice(n) } else { -voice(n) };
    assert!(better(&[&voice, &partly]).is_some());
    // Two of four, six or eight.
    assert_eq!(better(&[&silence, &voice, &inverted, &silence]), Some(1));
    assert!(better(&[&voice, &inverted, &voice, &inverted, &voice, &inverted]).is_some());
}

#[test]
fn the_only_channel_with_sound_is_chosen() {
    let silence = |_| 0.0;
    assert_eq!(better(&[&silence, &voice]), Some(1));
    assert_eq!(better(&[&voice, &|n| 1e-4 * noise(n)]), Some(0));
    assert_eq!(
        better(&[&silence, &silence, &voice, &silence, &silence, &silence]),
        Some(2)
    );
}

#[test]
fn channels_that_do_not_cancel_each_other_are_averaged() {
    let silence = |_| 0.0;
    assert_eq!(better(&[&voice, &voice]), None);
    assert_eq!(better(&[&silence, &silence]), None);
    assert_eq!(better(&[&voice]), None);
    // Two speakers, one of them far away: both are to be heard.
    for level in [1.0, 0.5, 0.1, 0.03] {
        assert_eq!(
            better(&[&voice, &|n| level * other_voice(n)]),
            None,
            "{level}"
        );
    }
    assert_eq!(better(&[&noise, &|n| noise(n + 77_777)]), None);
    assert_eq!(better(&[&voice, &|n| 0.1 * voice(n)]), None);
}

#[test]
fn the_chosen_channel_is_returned_exactly() {
    let samples = interleaved(5_000, &[&voice, &other_voice, &noise]);
    for channel in 0..3 {
        let mut downmix = Downmix::new(3, Some(channel));
        let mono = downmix.mix(&samples).to_vec();
        let expected: Vec<f32> = samples
            .iter()
            .skip(channel.into())
            .step_by(3)
            .copied()
            .collect();
        assert_eq!(mono, expected);
        assert_eq!(downmix.better_channel(), None);
    }
}

proptest! {
    #[test]
    fn the_result_does_not_depend_on_block_sizes(
        channels in 1u16..9,
        samples in prop::collection::vec(-1.0f32..1.0, 0..30_000),
        block in 1usize..3_000,
    ) {
        let whole_frames = samples.len() / usize::from(channels) * usize::from(channels);
        let samples = &samples[..whole_frames];
        let mut whole = Downmix::new(channels, None);
        let mono = whole.mix(samples).to_vec();
        let mut parts = Downmix::new(channels, None);
        let mut joined = Vec::new();
        for part in samples.chunks(block * usize::from(channels)) {
            joined.extend_from_slice(parts.mix(part));
        }
        prop_assert_eq!(mono, joined);
        prop_assert_eq!(whole.better_channel(), parts.better_channel());
    }
}
