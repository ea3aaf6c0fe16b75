//! Parses any bytes as MP3: whole, in single bytes, and in blocks whose sizes come from the bytes.
//! The results must be equal and consistent.
#![no_main]

use libfuzzer_sys::fuzz_target;
use thetaone_web::core::audio::mp3::{Mp3Info, Mp3Parser, first_frame};
use thetaone_web::core::error::failure::Failure;

fuzz_target!(|file: &[u8]| {
    let whole = walk(file, std::iter::once(file.len()));
    let blocks = file.iter().map(|&byte| usize::from(byte) + 1);
    let single = std::iter::repeat_n(1, file.len());
    assert_same(&whole, &walk(file, blocks));
    assert_same(&whole, &walk(file, single));
    if let Ok(report) = &whole {
        assert!(report.frames > 0 && report.frames <= file.len() as u64 / 24);
        assert!((8_000..=48_000).contains(&report.sample_rate));
        let longest = report.frames as f64 * 1152.0 / 8_000.0;
        assert!(report.duration_seconds > 0.0 && report.duration_seconds <= longest);
    }
    if let Some(frame) = first_frame(file) {
        assert!(frame.offset + 4 <= file.len());
    }
});

fn walk(file: &[u8], blocks: impl Iterator<Item = usize>) -> Result<Mp3Info, Failure> {
    let mut parser = Mp3Parser::new();
    let mut rest = file;
    for block in blocks {
        let (part, behind) = rest.split_at(block.min(rest.len()));
        parser.push(part);
        rest = behind;
    }
    parser.push(rest);
    parser.finish()
}

fn assert_same(one: &Result<Mp3Info, Failure>, other: &Result<Mp3Info, Failure>) {
    match (one, other) {
        (Ok(one), Ok(other)) => assert_eq!(one, other),
        (Err(one), Err(other)) => {
            assert_eq!(one.spec.reason, other.spec.reason);
            assert_eq!(one.message, other.message);
        }
        _ => panic!("{one:?} or {other:?}"),
    }
}
