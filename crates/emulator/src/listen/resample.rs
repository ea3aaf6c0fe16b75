//! From the rate of an upload to the engine's.

use std::borrow::Cow;

use thetaone_web::core::audio::resample::Resampler;

use super::engine::SAMPLE_RATE;

/// The lowest rate that holds speech, in Hz.
const MIN_SAMPLE_RATE: u32 = 4_000;

/// Converts mono samples to 16 kHz; `None` for rates that no recording has.
pub fn to_16_khz(samples: &[f32], sample_rate: u32) -> Option<Cow<'_, [f32]>> {
    if sample_rate == SAMPLE_RATE {
        return Some(Cow::Borrowed(samples));
    }
    if sample_rate < MIN_SAMPLE_RATE {
        return None;
    }
    if sample_rate < SAMPLE_RATE {
        return Some(Cow::Owned(interpolate(samples, sample_rate)));
    }
    let mut resampler = Resampler::new(sample_rate)?;
    let mut converted = Vec::new();
    resampler.push(samples, &mut converted);
    resampler.finish(&mut converted);
    Some(Cow::Owned(converted))
}

/// Lower rates, by straight lines. The SDK's resampler only goes down, and such uploads are rare.
fn interpolate(samples: &[f32], sample_rate: u32) -> Vec<f32> {
    let step = f64::from(sample_rate) / f64::from(SAMPLE_RATE);
    let length = (samples.len() as f64 / step) as usize;
    let sample = |index: usize| {
        samples
            .get(index)
            .or(samples.last())
            .copied()
            .unwrap_or(0.0)
    };
    let at = |index: usize| {
        let position = index as f64 * step;
        let (before, after) = (sample(position as usize), sample(position as usize + 1));
        before + (after - before) * position.fract() as f32
    };
    (0..length).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_rate_keeps_its_length_in_seconds() {
        for rate in [8_000, 11_025, 16_000, 22_050, 44_100, 48_000] {
            let second = vec![0.25; rate as usize];
            let converted = to_16_khz(&second, rate).unwrap();
            assert!(converted.len().abs_diff(16_000) <= 1, "{rate}");
            assert!((converted[8_000] - 0.25).abs() < 1e-3, "{rate}");
        }
    }

    #[test]
    fn absurd_rates_are_not_converted() {
        assert!(to_16_khz(&[0.0; 100], 1).is_none());
        assert!(to_16_khz(&[0.0; 100], u32::MAX).is_none());
        assert_eq!(to_16_khz(&[], 8_000).unwrap().len(), 0);
    }
}
