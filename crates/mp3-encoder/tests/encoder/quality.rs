use crate::decoders::{encoded, nanomp3};
use crate::sounds::{noise, speech, tone};

/// Returns the signal-to-noise ratio in dB, in steps of 20 ms.
fn signal_to_noise(samples: &[i16], kbps: u32) -> Vec<f64> {
    let played = nanomp3(&encoded(samples, 16_000, kbps, 4096));
    assert_eq!(played.len(), samples.len());
    let wanted: Vec<f64> = samples
        .iter()
        .map(|&sample| f64::from(sample) / 32_768.0)
        .collect();
    let pairs: Vec<_> = wanted.into_iter().zip(played).collect();
    pairs
        .chunks_exact(320)
        .map(|stretch| {
            let signal: f64 = stretch.iter().map(|(wanted, _)| wanted.powi(2)).sum();
            let error: f64 = stretch
                .iter()
                .map(|(wanted, got)| (wanted - f64::from(*got)).powi(2))
                .sum();
            10.0 * ((signal + 1e-9) / (error + 1e-12)).log10()
        })
        .collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn speech_stays_close_to_what_was_said() {
    for (kbps, at_least) in [(24, 18.0), (32, 22.0), (48, 28.0), (64, 33.0)] {
        let speech = speech();
        let loud: Vec<f64> = signal_to_noise(&speech, kbps)
            .into_iter()
            .zip(speech.chunks_exact(320))
            .filter(|(_, stretch)| stretch.iter().any(|sample| sample.unsigned_abs() > 1000))
            .map(|(ratio, _)| ratio)
            .collect();
        assert!(
            mean(&loud) >= at_least,
            "{kbps} kbit/s: {:.1} dB",
            mean(&loud)
        );
    }
}

#[test]
fn a_tone_has_no_clicks() {
    for hertz in [100.0, 440.0, 3_000.0, 6_900.0] {
        let ratios = signal_to_noise(&tone(hertz, 16_000.0, 16_000, 48_000), 32);
        let worst = ratios[1..ratios.len() - 1]
            .iter()
            .copied()
            .fold(f64::MAX, f64::min);
        assert!(worst > 35.0, "{hertz} Hz: {worst:.1} dB");
    }
}

#[test]
fn silence_stays_silent() {
    let mut take = vec![0; 16_000];
    take.extend(noise(8_000).iter().map(|sample| sample / 4));
    take.extend([0; 16_000]);
    let played = nanomp3(&encoded(&take, 16_000, 32, 4096));
    // A frame spreads its errors over itself and its neighbors.
    let quiet = played[..14_000].iter().chain(&played[26_000..]);
    assert!(quiet.clone().all(|sample| sample.abs() < 1e-6));
    assert!(
        played[17_000..23_000]
            .iter()
            .any(|sample| sample.abs() > 0.1)
    );
}
