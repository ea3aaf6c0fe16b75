//! Whatever the bytes, there is a report or a typed failure.

use crate::files::{mp3s, strictly, waves};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use thetaone_web::core::audio::container;
use thetaone_web::core::audio::downmix::Downmix;
use thetaone_web::core::audio::mp3::Mp3Parser;
use thetaone_web::core::audio::plan::{PreparationPlan, inspect};
use thetaone_web::core::audio::prepare::{PreparedPcm, Preparer};
use thetaone_web::core::audio::wav::header;
use thetaone_web::core::error::failure::Failure;

/// What can happen to a file on its way.
#[derive(Debug, Clone)]
enum Damage {
    /// One byte became another.
    Byte(Index, u8),
    /// One bit flipped.
    Bit(Index, u8),
    /// What is behind is gone.
    Cut(Index),
    /// What is between is gone.
    Gap(Index, Index),
    /// Some of it comes twice, somewhere.
    Splice(Index, Index, Index),
    /// A size or a count became the largest there is.
    Huge(Index),
    /// Foreign bytes came in.
    Insert(Index, Vec<u8>),
}

fn any_damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        (at(), 0..8u8).prop_map(|(at, bit)| Damage::Bit(at, bit)),
        at().prop_map(Damage::Cut),
        (at(), at()).prop_map(|(a, b)| Damage::Gap(a, b)),
        (at(), at(), at()).prop_map(|(a, b, to)| Damage::Splice(a, b, to)),
        at().prop_map(Damage::Huge),
        (at(), vec(any::<u8>(), 0..60)).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
    ]
}

/// Most of what can go wrong goes wrong in a header.
fn place(at: &Index, file: &[u8]) -> usize {
    let near = at.index(2) == 0;
    at.index(if near { file.len().min(64) } else { file.len() })
}

fn damage(file: &mut Vec<u8>, damage: &Damage) {
    if file.is_empty() {
        return;
    }
    let between = |a: &Index, b: &Index, file: &[u8]| {
        let (a, b) = (place(a, file), place(b, file));
        a.min(b)..a.max(b)
    };
    match damage {
        Damage::Byte(at, byte) => {
            let at = place(at, file);
            file[at] = *byte;
        }
        Damage::Bit(at, bit) => {
            let at = place(at, file);
            file[at] ^= 1 << bit;
        }
        Damage::Cut(at) => file.truncate(place(at, file)),
        Damage::Gap(a, b) => drop(file.drain(between(a, b, file))),
        Damage::Splice(a, b, to) => {
            let part = file[between(a, b, file)].to_vec();
            let to = place(to, file);
            file.splice(to..to, part);
        }
        Damage::Huge(at) => {
            let at = place(at, file);
            let end = file.len().min(at + 4);
            file[at..end].fill(0xFF);
        }
        Damage::Insert(at, bytes) => {
            let at = place(at, file);
            file.splice(at..at, bytes.iter().copied());
        }
    }
}

fn any_file() -> impl Strategy<Value = Vec<u8>> {
    let files: Vec<Vec<u8>> = waves().into_iter().chain(mp3s()).collect();
    (prop::sample::select(files), vec(any_damage(), 0..6)).prop_map(|(mut file, damages)| {
        for each in &damages {
            damage(&mut file, each);
        }
        file
    })
}

/// Everything that is done with a file before the browser is asked.
fn look_at(file: &[u8], total_bytes: u64) -> Result<(), TestCaseError> {
    let _ = container::sniff(file).name();
    match inspect(file, total_bytes) {
        Err(failure) => typed(&failure)?,
        Ok(PreparationPlan::DecodeInBrowser(decoding)) => {
            if let Some(reason) = decoding.error_reason() {
                typed(&Failure::audio(reason, ""))?;
            }
        }
        // As is everything, below.
        Ok(PreparationPlan::ScanMp3(range, _)) => prop_assert!(range.start <= range.end),
        Ok(PreparationPlan::PassThrough(wav)) => {
            prop_assert!(wav.duration_seconds().is_finite());
            if total_bytes == file.len() as u64 {
                let data = &file[wav.data_start as usize..][..wav.data_bytes as usize];
                let sent = match wav.is_plain {
                    true => file.to_vec(),
                    false => {
                        let header = header(wav.sample_rate, wav.channels, wav.data_bytes);
                        [&header[..], data].concat()
                    }
                };
                let (rate, channels, samples) = strictly(&sent).map_err(TestCaseError::fail)?;
                prop_assert_eq!((rate, channels), (wav.sample_rate, wav.channels));
                prop_assert_eq!(samples, data);
            }
        }
        Ok(PreparationPlan::ConvertWav(wav)) => {
            prop_assert!(wav.duration_seconds().is_finite());
            let end = wav.data_start.checked_add(wav.data_bytes);
            prop_assert!(end.is_some_and(|end| end <= total_bytes));
            if let (Ok(mut preparer), true) = (
                Preparer::new(wav.sample_rate, wav.sample_format.fits_16_bits()),
                total_bytes == file.len() as u64,
            ) {
                let data = &file[wav.data_start as usize..][..wav.data_bytes as usize];
                let mut samples = Vec::new();
                wav.decode(data, &mut samples);
                let mut downmix = Downmix::new(wav.channels, None);
                let mono = downmix.mix(&samples);
                let mut pcm = Vec::new();
                preparer.push(mono, &mut pcm);
                measured(&preparer.finish(false, &mut pcm).unwrap())?;
            }
        }
    }
    let mut parser = Mp3Parser::new();
    parser.push(file);
    match parser.finish() {
        Err(failure) => typed(&failure)?,
        Ok(report) => {
            prop_assert!(report.frames > 0);
            prop_assert!(report.duration_seconds > 0.0);
        }
    }
    Ok(())
}

fn typed(failure: &Failure) -> Result<(), TestCaseError> {
    prop_assert_eq!(failure.spec.code, "INVALID_AUDIO");
    prop_assert!(failure.spec.reason.is_some());
    prop_assert!(failure.message.len() < 200, "{}", failure.message);
    Ok(())
}

fn measured(prepared: &PreparedPcm) -> Result<(), TestCaseError> {
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
        prop_assert!(number.is_finite(), "{:?}", analysis);
    }
    prop_assert!((0.0..=1.0).contains(&analysis.clipped_ratio));
    Ok(())
}

#[test]
fn the_sample_files_have_their_formats() {
    for file in waves() {
        let found = inspect(&file, file.len() as u64);
        assert!(
            matches!(
                found,
                Ok(PreparationPlan::PassThrough(_) | PreparationPlan::ConvertWav(_))
            ),
            "{found:?}"
        );
    }
    let known = mp3s()
        .iter()
        .filter(|file| {
            matches!(
                inspect(file, file.len() as u64),
                Ok(PreparationPlan::ScanMp3(..))
            )
        })
        .filter(|file| {
            let mut parser = Mp3Parser::new();
            parser.push(file);
            parser.finish().is_ok()
        })
        .count();
    assert_eq!(
        known,
        mp3s().len() - 3,
        "all but layers I and II and free format"
    );
}

#[test]
fn every_prefix_of_a_file_is_handled() {
    for file in waves().into_iter().chain(mp3s()) {
        for end in (0..file.len().min(600)).chain((600..file.len()).step_by(37)) {
            look_at(&file[..end], end as u64).unwrap();
            look_at(&file[..end], file.len() as u64).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn damaged_files_are_handled(file in any_file(), claimed in any::<u64>()) {
        look_at(&file, file.len() as u64)?;
        look_at(&file, claimed)?;
    }

    #[test]
    fn any_bytes_are_handled(bytes in vec(any::<u8>(), 0..600), claimed in any::<u64>()) {
        look_at(&bytes, bytes.len() as u64)?;
        look_at(&bytes, claimed)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_samples_can_be_prepared(
        rate in prop_oneof![8 => 8_000u32..=192_000, 1 => any::<u32>()],
        samples in vec(prop_oneof![any::<u32>().prop_map(f32::from_bits), -1.0f32..1.0], 0..3_000),
        block in 1usize..4_000,
        is_16_bit in any::<bool>(),
        trim in any::<bool>(),
    ) {
        let Ok(mut preparer) = Preparer::new(rate, is_16_bit) else {
            prop_assert!(!(8_000..=192_000).contains(&rate));
            return Ok(());
        };
        let mut pcm = Vec::new();
        for part in samples.chunks(block) {
            preparer.push(part, &mut pcm);
        }
        match preparer.finish(trim, &mut pcm) {
            Ok(prepared) => {
                measured(&prepared)?;
                let due = (samples.len() as u64 * u64::from(prepared.sample_rate)).div_ceil(u64::from(rate));
                prop_assert_eq!(pcm.len() as u64, due * 2);
                let (start, end) = prepared.byte_range(2);
                prop_assert!(start <= end && end <= due * 2);
                prop_assert!(trim || (start, end) == (0, due * 2));
            }
            Err(failure) => {
                typed(&failure)?;
                prop_assert!(samples.is_empty());
            }
        }
    }
}
