//! The resampler, measured on tones.

use proptest::prelude::*;
use thetaone_web::core::audio::resample::{RESAMPLED_RATES, Resampler};

/// Rates with an exact ratio, and three that are interpolated.
const RATES: [u32; 12] = [
    22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000, 44_056, 47_999,
    95_999,
];

fn resample(rate: u32, input: &[f32], block: usize) -> Vec<f32> {
    let mut resampler = Resampler::new(rate).unwrap();
    let mut output = Vec::new();
    for part in input.chunks(block) {
        resampler.push(part, &mut output);
    }
    resampler.finish(&mut output);
    output
}

fn tone(rate: u32, hertz: f64, seconds: f64) -> Vec<f32> {
    let samples = (f64::from(rate) * seconds) as usize;
    let step = std::f64::consts::TAU * hertz / f64::from(rate);
    (0..samples)
        .map(|n| (0.5 * (step * n as f64).sin()) as f32)
        .collect()
}

fn power(samples: &[f32]) -> f64 {
    samples.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>() / samples.len() as f64
}

/// The gain of a tone, in dB, away from the ends of the take.
fn gain_db(rate: u32, hertz: f64) -> f64 {
    let output = resample(rate, &tone(rate, hertz, 0.5), 4096);
    let middle = &output[1000..output.len() - 1000];
    10.0 * (power(middle) / 0.125).max(1e-20).log10()
}

#[test]
fn the_passband_is_flat_from_50_hz_to_7_khz() {
    for rate in RATES {
        for hertz in [
            50.0, 500.0, 1000.0, 2000.0, 3000.0, 4000.0, 5000.0, 6000.0, 6500.0, 7000.0,
        ] {
            let gain = gain_db(rate, hertz);
            assert!(gain.abs() < 0.05, "{rate} Hz: {gain} dB at {hertz} Hz");
        }
    }
}

#[test]
fn frequencies_above_8_2_khz_do_not_alias() {
    for rate in RATES {
        let nyquist = f64::from(rate) / 2.0;
        for (hertz, most) in [(8200.0, -100.0), (8500.0, -110.0)] {
            let gain = gain_db(rate, hertz);
            assert!(gain < most, "{rate} Hz: {gain} dB at {hertz} Hz");
        }
        let mut hertz = 9000.0;
        while hertz < nyquist - 100.0 {
            let gain = gain_db(rate, hertz);
            assert!(gain < -110.0, "{rate} Hz: {gain} dB at {hertz} Hz");
            hertz *= 1.07;
        }
    }
}

/// What is left of a tone when its own frequency is taken out, relative to it.
#[test]
fn a_resampled_tone_has_no_distortion() {
    for rate in RATES {
        let output = resample(rate, &tone(rate, 1000.0, 0.5), 4096);
        // Whole periods of 16 samples.
        let middle = &output[1600..6400];
        let step = std::f64::consts::TAU / 16.0;
        let (mut sine, mut cosine) = (0.0, 0.0);
        for (n, &sample) in middle.iter().enumerate() {
            sine += f64::from(sample) * (step * n as f64).sin() * 2.0 / middle.len() as f64;
            cosine += f64::from(sample) * (step * n as f64).cos() * 2.0 / middle.len() as f64;
        }
        let rest: f64 = middle
            .iter()
            .enumerate()
            .map(|(n, &sample)| {
                let angle = step * n as f64;
                (f64::from(sample) - sine * angle.sin() - cosine * angle.cos()).powi(2)
            })
            .sum::<f64>()
            / middle.len() as f64;
        let noise = 10.0 * (rest / 0.125).log10();
        // Quantising to 16 bits leaves -92 dB of a tone at half scale.
        assert!(noise < -115.0, "{rate} Hz: {noise} dB");
    }
}

#[test]
fn the_output_has_the_exact_duration_of_the_input() {
    for rate in RATES {
        for samples in [0usize, 1, 2, 3, 1000, 44_100] {
            let due = (samples as u64 * 16_000).div_ceil(u64::from(rate));
            let output = resample(rate, &vec![0.1; samples], 999);
            assert_eq!(output.len() as u64, due, "{samples} samples at {rate} Hz");
        }
    }
}

#[test]
fn resampling_adds_no_delay() {
    for rate in RATES {
        let mut click = vec![0.0; rate as usize / 10];
        // At 50 ms, which is a whole sample at 16 kHz.
        click[rate as usize / 20] = 1.0;
        let output = resample(rate, &click, 512);
        let loudest =
            (0..output.len()).max_by(|&a, &b| output[a].abs().total_cmp(&output[b].abs()));
        assert_eq!(loudest, Some(800), "{rate} Hz");
    }
}

#[test]
fn only_rates_from_16_001_to_192_000_hz_are_resampled() {
    for rate in [0, 1, 8_000, 16_000, 192_001, u32::MAX] {
        assert!(Resampler::new(rate).is_none(), "{rate}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_result_does_not_depend_on_block_sizes(rate in prop::sample::select(RATES.to_vec()), block in 1usize..3000, samples in 0usize..4000) {
        let input = tone(rate, 440.0, 0.2);
        let input = &input[..samples.min(input.len())];
        prop_assert_eq!(resample(rate, input, block), resample(rate, input, usize::MAX));
    }

    #[test]
    fn resampling_never_panics(
        rate in prop_oneof![8 => RESAMPLED_RATES, 1 => any::<u32>()],
        input in prop::collection::vec(any_sample(), 0..3000),
        blocks in prop::collection::vec(0usize..700, 0..40),
    ) {
        let Some(mut resampler) = Resampler::new(rate) else {
            prop_assert!(!RESAMPLED_RATES.contains(&rate));
            return Ok(());
        };
        let mut output = Vec::new();
        let mut rest = &input[..];
        for block in blocks {
            let (part, behind) = rest.split_at(block.min(rest.len()));
            resampler.push(part, &mut output);
            rest = behind;
        }
        resampler.push(rest, &mut output);
        resampler.finish(&mut output);
        let due = (input.len() as u64 * 16_000).div_ceil(u64::from(rate));
        prop_assert_eq!(output.len() as u64, due);
        prop_assert!(output.iter().all(|sample| sample.is_finite()));
    }
}

/// Every bit pattern, and more of those that decoders and glitches give.
fn any_sample() -> impl Strategy<Value = f32> {
    prop_oneof![
        any::<u32>().prop_map(f32::from_bits),
        -1.0f32..1.0,
        prop::sample::select(vec![
            f32::NAN,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::MAX,
            f32::MIN,
            1e-40
        ]),
    ]
}

#[test]
fn nan_becomes_silence_and_does_not_spread() {
    let mut input = vec![0.0; 4_800];
    (input[100], input[101]) = (f32::NAN, f32::INFINITY);
    let output = resample(48_000, &input, 4_096);
    assert!(output.iter().all(|&sample| sample == 0.0));
}
