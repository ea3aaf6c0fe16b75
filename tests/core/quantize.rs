//! From samples to 16 bits.

use proptest::prelude::*;
use thetaone_web::core::audio::quantize::Quantizer;
use thetaone_web::core::audio::sample_format::SampleFormat;

const STEP: f64 = 1.0 / 32_768.0;

fn written(mut quantizer: Quantizer, samples: &[f32]) -> Vec<i16> {
    let mut pcm = Vec::new();
    // In uneven blocks, which must leave no trace.
    for block in samples.chunks(777) {
        quantizer.write(block, &mut pcm);
    }
    pcm.chunks_exact(2)
        .map(|bytes| i16::from_le_bytes([bytes[0], bytes[1]]))
        .collect()
}

/// The errors of quantizing, in steps of 16 bits.
fn errors(samples: &[f32]) -> Vec<f64> {
    written(Quantizer::dithered(), samples)
        .iter()
        .zip(samples)
        .map(|(&step, &sample)| f64::from(step) - f64::from(sample) / STEP)
        .collect()
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

#[test]
fn exact_quantization_restores_16_bit_samples() {
    let all: Vec<i16> = (i16::MIN..=i16::MAX).collect();
    let bytes: Vec<u8> = all.iter().flat_map(|step| step.to_le_bytes()).collect();
    let mut samples = Vec::new();
    SampleFormat::I16.decode(&bytes, false, &mut samples);
    assert_eq!(written(Quantizer::exact(), &samples), all);
}

#[test]
fn samples_above_full_scale_are_clipped_and_nan_is_silence() {
    let loud = [2.0, -2.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN];
    let clipped = [i16::MAX, i16::MIN, i16::MAX, i16::MIN, 0];
    assert_eq!(written(Quantizer::exact(), &loud), clipped);
    assert_eq!(written(Quantizer::dithered(), &loud), clipped);
}

/// Wannamaker: triangular noise of two steps makes the mean error 0 and its
/// power a quarter of a squared step, whatever the signal is.
#[test]
fn the_error_does_not_depend_on_the_signal() {
    for level in [0.0, 0.1, 0.25, 0.5, 0.73] {
        let errors = errors(&vec![(level * STEP) as f32; 200_000]);
        let mean_error = mean(errors.iter().copied());
        assert!(mean_error.abs() < 0.01, "{level}: {mean_error}");
        let power = mean(errors.iter().map(|error| error * error));
        assert!((power - 0.25).abs() < 0.01, "{level}: {power}");
    }
}

/// A tone of a tenth of a step would be rounded to nothing; here it is in the
/// noise, and can be averaged out of it.
#[test]
fn dither_keeps_signals_below_one_step() {
    let tone = |n: usize| (n as f64 * std::f64::consts::TAU / 16.0).sin();
    let samples: Vec<f32> = (0..400_000)
        .map(|n| (0.1 * STEP * tone(n)) as f32)
        .collect();
    let found = written(Quantizer::dithered(), &samples);
    let amplitude = 2.0
        * mean(
            found
                .iter()
                .enumerate()
                .map(|(n, &step)| f64::from(step) * tone(n)),
        );
    assert!((amplitude - 0.1).abs() < 0.01, "{amplitude}");
}

#[test]
fn a_full_scale_tone_has_the_noise_of_dithered_16_bits_and_no_more() {
    let samples: Vec<f32> = (0..160_000)
        .map(|n| (0.999 * (f64::from(n) * std::f64::consts::TAU / 16.0).sin()) as f32)
        .collect();
    let noise = mean(
        errors(&samples)
            .iter()
            .map(|error| error * error * STEP * STEP),
    );
    let ratio = 10.0 * (0.5 * 0.999f64.powi(2) / noise).log10();
    // 98.1 dB for 16 bits, less the 4.8 dB that the dither costs.
    assert!((ratio - 93.3).abs() < 0.2, "{ratio} dB");
}

proptest! {
    #[test]
    fn quantization_is_deterministic(samples in prop::collection::vec(-1.0f32..1.0, 0..3000)) {
        let once = written(Quantizer::dithered(), &samples);
        prop_assert_eq!(&written(Quantizer::dithered(), &samples), &once);
        let mut whole = Vec::new();
        Quantizer::dithered().write(&samples, &mut whole);
        let whole: Vec<i16> = whole.chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect();
        prop_assert_eq!(whole, once);
    }
}
