//! MP3 files as they come: in blocks, from other encoders, with bytes lost.

use crate::files::*;
use proptest::prelude::*;
use thetaone_web::core::audio::mp3::{Mp3Info, Mp3Parser};
use thetaone_web::core::error::failure::Failure;

fn walk_in_blocks(
    file: &[u8],
    blocks: impl IntoIterator<Item = usize>,
) -> Result<Mp3Info, Failure> {
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

#[test]
fn a_real_file_is_measured() {
    // LAME, without a note: 22.05 kHz, mono.
    let file = include_bytes!("../../crates/emulator/tests/tone.mp3");
    let found = walk_in_blocks(file, []).unwrap();
    assert_eq!(found.frames, nanomp3::frames(file).count() as u64);
    assert_eq!(found.problems, Vec::<&str>::new());
}

/// Streams of one version, with any bit rates.
fn any_stream() -> impl Strategy<Value = (Vec<u8>, u64, u64)> {
    let kinds = prop::sample::select(vec![
        vec![MONO_128, MONO_128_PADDED, MONO_64],
        vec![STEREO_48_320],
        vec![STEREO_32_320],
        vec![MPEG2_64],
        vec![MPEG2_8],
        vec![MPEG25_16],
    ]);
    (
        kinds,
        prop::collection::vec(any::<prop::sample::Index>(), 3..60),
    )
        .prop_map(|(kinds, picks)| {
            let frames: Vec<Vec<u8>> = picks.iter().map(|pick| pick.get(&kinds).frame()).collect();
            let samples = if kinds[0].0[1] == 0xFB { 1152 } else { 576 };
            (frames.concat(), frames.len() as u64, samples)
        })
}

proptest! {
    #[test]
    fn an_independent_reader_finds_the_same_frames((audio, frames, samples) in any_stream(), tag in 0usize..300, ends in any::<bool>()) {
        let mut file = [id3v2(tag, false), audio].concat();
        if ends {
            file.extend(id3v1());
        }
        let found = walk_in_blocks(&file, []).unwrap();
        let theirs: Vec<_> = nanomp3::frames(&file).collect();
        prop_assert_eq!(found.frames, frames);
        prop_assert_eq!(found.frames, theirs.len() as u64);
        prop_assert_eq!(found.sample_rate, theirs[0].sample_rate);
        prop_assert_eq!(samples, theirs[0].samples as u64);
        let seconds = (frames * samples) as f64 / f64::from(found.sample_rate);
        prop_assert_eq!(found.duration_seconds, seconds);
        prop_assert_eq!(found.problems, Vec::<&str>::new());
    }

    #[test]
    fn the_result_does_not_depend_on_block_sizes(
        pick in any::<prop::sample::Index>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
        blocks in prop::collection::vec(prop_oneof![Just(1usize), 0..40usize, 0..6000usize], 0..400),
    ) {
        let files = mp3s();
        let mut file = pick.get(&files).clone();
        file.truncate(file.len() - cut.index(file.len()) / 4);
        for (at, byte) in flips {
            let at = at.index(file.len());
            file[at] = byte;
        }
        let whole = walk_in_blocks(&file, []);
        let single = walk_in_blocks(&file, std::iter::repeat_n(1, file.len()));
        let cut = walk_in_blocks(&file, blocks);
        for other in [single, cut] {
            match (&whole, &other) {
                (Ok(whole), Ok(other)) => prop_assert_eq!(whole, other),
                (Err(whole), Err(other)) => {
                    prop_assert_eq!(whole.spec.reason, other.spec.reason);
                    prop_assert_eq!(&whole.message, &other.message);
                }
                _ => prop_assert!(false, "{:?} or {:?}", whole, other),
            }
        }
    }

    #[test]
    fn junk_between_frames_loses_few_frames(
        kind in prop::sample::select(vec![MONO_128, STEREO_48_320, MPEG2_64, MPEG25_16]),
        junk in prop::collection::vec(any::<u8>(), 1..3000),
    ) {
        let found = walk_in_blocks(&[kind.frames(5), junk, kind.frames(5)].concat(), []).unwrap();
        // What happens to look like a frame may swallow the start of the next.
        prop_assert!((8..=12).contains(&found.frames), "{:?}", found);
        prop_assert!(found.problems.contains(&"junk"));
    }
}
