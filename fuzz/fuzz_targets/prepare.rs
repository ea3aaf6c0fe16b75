//! Prepares any samples at any rate in any blocks. The take must have its exact length, and all
//! measurements must be finite.
//!
//! The first four bytes are the rate, and the next two the size of the blocks. In the next byte,
//! bit 0 is set to trim, and bit 1 if the samples had 16 bits. The rest are samples.
#![no_main]

use libfuzzer_sys::fuzz_target;
use thetaone_web::core::audio::prepare::Preparer;

fuzz_target!(|bytes: &[u8]| {
    let Some((&[a, b, c, d, e, f, flags], bytes)) = bytes.split_first_chunk::<7>() else {
        return;
    };
    let rate = u32::from_le_bytes([a, b, c, d]);
    let block = usize::from(u16::from_le_bytes([e, f])).max(1);
    let samples: Vec<f32> = bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|sample| f32::from_le_bytes(*sample))
        .collect();

    let preparer = Preparer::new(rate, flags & 2 == 2);
    assert_eq!(preparer.is_ok(), (8_000..=192_000).contains(&rate));
    let Ok(mut preparer) = preparer else { return };
    let mut pcm = Vec::new();
    for part in samples.chunks(block) {
        preparer.push(part, &mut pcm);
    }
    let trim = flags & 1 == 1;
    let Ok(prepared) = preparer.finish(trim, &mut pcm) else {
        assert!(samples.is_empty());
        return;
    };
    let due = (samples.len() as u64 * u64::from(prepared.sample_rate)).div_ceil(u64::from(rate));
    assert_eq!(pcm.len() as u64, due * 2);
    let (start, end) = prepared.byte_range(2);
    assert!(start <= end && end <= due * 2);
    let kept = (end - start) / 2;
    assert!(kept == due || trim);
    let analysis = &prepared.analysis;
    for number in [
        analysis.duration_seconds,
        analysis.peak_dbfs,
        analysis.rms_dbfs,
        analysis.clipped_ratio,
        analysis.speech_seconds,
        analysis.leading_silence_seconds,
        analysis.trailing_silence_seconds,
        prepared.offset_seconds(),
    ] {
        assert!(number.is_finite(), "{analysis:?}");
    }
    let seconds = kept as f64 / f64::from(prepared.sample_rate);
    assert!((analysis.duration_seconds - seconds).abs() < 1e-9);
    assert!(analysis.leading_silence_seconds >= -1e-9, "{analysis:?}");
    assert!(analysis.trailing_silence_seconds >= -1e-9, "{analysis:?}");
    assert!(analysis.speech_seconds <= seconds + 1e-9, "{analysis:?}");
});
