//! The committed sentence, which ends with some 0.7 s of silence.

use thetaone_web::core::audio::resample::Resampler;

/// Reads it as it was recorded: 48 kHz, mono.
pub fn at_48_khz() -> Vec<f32> {
    let file = include_bytes!("../fixtures/speech.wav");
    file[44..]
        .chunks_exact(2)
        .map(|bytes| f32::from(i16::from_le_bytes([bytes[0], bytes[1]])) / 32_768.0)
        .collect()
}

/// Reads it at the API's rate.
pub fn at_16_khz() -> Vec<f32> {
    let mut resampler = Resampler::new(48_000).unwrap();
    let mut output = Vec::new();
    resampler.push(&at_48_khz(), &mut output);
    resampler.finish(&mut output);
    output
}
