//! Recognizes the format of any bytes, inspects them, and decodes them if they are a WAVE.
#![no_main]

use libfuzzer_sys::fuzz_target;
use thetaone_web::core::audio::downmix::Downmix;
use thetaone_web::core::audio::wav::Wav;
use thetaone_web::core::audio::plan::{PreparationPlan, inspect};
use thetaone_web::core::audio::container;

/// Numbers of bytes that a file has beyond those that are inspected.
const UNSEEN_BYTES: [u64; 4] = [0, 1, 4_294_967_295, u64::MAX];

fuzz_target!(|file: &[u8]| {
    assert!(!container::sniff(file).name().is_empty());
    let seen = file.len() as u64;
    for unseen in UNSEEN_BYTES {
        let total_bytes = seen.saturating_add(unseen);
        match inspect(file, total_bytes) {
            Err(failure) => assert!(failure.spec.reason.is_some()),
            Ok(PreparationPlan::DecodeInBrowser(decoding)) => assert!(!decoding.container.name().is_empty()),
            Ok(PreparationPlan::ScanMp3(range, _)) => assert!(range.end <= total_bytes),
            Ok(PreparationPlan::PassThrough(wav) | PreparationPlan::ConvertWav(wav)) => {
                read(file, wav, total_bytes);
            }
        }
    }
});

fn read(file: &[u8], wav: Wav, total_bytes: u64) {
    let end = wav.data_start.checked_add(wav.data_bytes).unwrap();
    assert!(end <= total_bytes && wav.data_bytes >= wav.frame_bytes());
    assert!(wav.duration_seconds() > 0.0 && wav.duration_seconds().is_finite());
    let start = (wav.data_start as usize).min(file.len());
    let data = &file[start..(end.min(file.len() as u64) as usize).max(start)];
    let mut samples = Vec::new();
    wav.decode(data, &mut samples);
    let frames = data.len() / wav.frame_bytes() as usize;
    assert_eq!(samples.len() / usize::from(wav.channels), frames);
    let mut downmix = Downmix::new(wav.channels, None);
    let mono = downmix.mix(&samples);
    assert_eq!(mono.len(), frames);
    assert!(mono.iter().all(|sample| sample.is_finite()));
    assert!(downmix.better_channel().is_none_or(|channel| channel < wav.channels));
}
