//! What is in an MP3 file, and what is wrong with it.

use crate::files::*;
use thetaone_web::core::audio::mp3::{Mp3Info, Mp3Parser, is_free_format};
use thetaone_web::core::error::failure::Failure;

fn walk(parts: &[Vec<u8>]) -> Result<Mp3Info, Failure> {
    let mut parser = Mp3Parser::new();
    parser.push(&parts.concat());
    parser.finish()
}

fn report(parts: &[Vec<u8>]) -> Mp3Info {
    walk(parts).unwrap()
}

fn failure(parts: &[Vec<u8>]) -> (&'static str, String) {
    let failure = walk(parts).unwrap_err();
    assert_eq!(failure.spec.code, "INVALID_AUDIO");
    (failure.spec.reason.unwrap(), failure.message)
}

fn reason(parts: &[Vec<u8>]) -> &'static str {
    failure(parts).0
}

const NO_PROBLEMS: [&str; 0] = [];

#[test]
fn durations_of_every_version_are_exact() {
    for (kind, sample_rate, channels, samples) in [
        (MONO_128, 44_100, 1, 1152),
        (MONO_128_PADDED, 44_100, 1, 1152),
        (STEREO_48_320, 48_000, 2, 1152),
        (STEREO_32_320, 32_000, 2, 1152),
        (MPEG2_64, 22_050, 1, 576),
        (MPEG2_8, 24_000, 1, 576),
        (MPEG25_16, 8_000, 2, 576),
    ] {
        for frames in [1, 2, 3, 1000] {
            let seconds = (frames * samples) as f64 / f64::from(sample_rate);
            let expected = Mp3Info {
                sample_rate,
                channels,
                frames,
                duration_seconds: seconds,
                problems: vec![],
            };
            assert_eq!(
                report(&[kind.frames(frames as usize)]),
                expected,
                "{kind:?}"
            );
        }
    }
}

#[test]
fn variable_bit_rates_do_not_change_the_duration() {
    let report = report(&[MONO_128.frames(30), MONO_64.frames(10)]);
    assert_eq!(report.frames, 40);
    assert_eq!(report.duration_seconds, 40.0 * 1152.0 / 44_100.0);
    assert_eq!(report.problems, NO_PROBLEMS);
}

#[test]
fn tags_are_neither_audio_nor_junk() {
    let audio = MONO_128.frames(5);
    let plain = report(std::slice::from_ref(&audio));
    for (before, behind) in [
        (id3v2(0, false), vec![]),
        (id3v2(1000, false), id3v1()),
        (id3v2(200_000, true), ape(100, true)),
        (
            [id3v2(20, false), id3v2(30, true)].concat(),
            ape(5_000, false),
        ),
        (vec![], [ape(100, false), id3v1()].concat()),
        (vec![], [ape(100, true), id3v1()].concat()),
        (vec![], [lyrics(5_000), id3v1()].concat()),
        (vec![], id3v2(500, true)),
        (ape(64, true), vec![]),
    ] {
        let file = [before.clone(), audio.clone(), behind.clone()];
        assert_eq!(walk(&file).unwrap(), plain);
        assert_eq!(sent(&file), audio);
        // Joined files have tags in their middle.
        let joined = report(&[
            before.clone(),
            audio.clone(),
            id3v1(),
            before,
            audio.clone(),
            behind,
        ]);
        assert_eq!((joined.frames, joined.problems), (10, vec![]));
    }
}

#[test]
fn a_tag_longer_than_the_file_leaves_no_audio() {
    let mut tag = id3v2(100, false);
    tag[6..10].fill(0x7F);
    let (reason, message) = failure(&[tag, MONO_128.frames(20)]);
    assert_eq!(reason, "truncated");
    assert!(message.contains("ends before"), "{message}");
    // Behind the audio it does no harm.
    let mut tag = id3v2(100, false);
    tag[6..10].fill(0x7F);
    let report = report(&[MONO_128.frames(20), tag]);
    assert_eq!((report.frames, report.problems), (20, vec!["truncated"]));
}

#[test]
fn a_tag_with_an_impossible_size_is_junk() {
    let mut tag = id3v2(0, false);
    tag[6..10].fill(0xFE);
    let found = report(&[tag, MONO_128.frames(20)]);
    assert_eq!((found.frames, found.problems), (20, vec!["junk"]));
    let mut tag = ape(0, false);
    tag[12..16].fill(0xFE);
    let found = report(&[MONO_128.frames(20), vec![b'x'; 40], tag]);
    assert_eq!((found.frames, found.problems), (20, vec!["junk"]));
}

#[test]
fn the_xing_frame_is_not_audio_but_makes_the_duration_exact() {
    for name in [b"Xing", b"Info"] {
        // Some count the note.
        for claimed in [10, 11] {
            let note = info_frame(name, claimed, 576, 1000);
            let report = report(&[id3v2(50, false), note, MONO_128.frames(10), id3v1()]);
            let samples = 10 * 1152 - 576 - 1000;
            assert_eq!(report.frames, 10);
            assert_eq!(report.duration_seconds, f64::from(samples) / 44_100.0);
            assert_eq!(report.problems, NO_PROBLEMS);
        }
    }
    assert_eq!(report(&[vbri_frame(10), MONO_128.frames(10)]).frames, 10);
}

#[test]
fn implausible_xing_values_are_ignored() {
    let ten_frames = 10.0 * 1152.0 / 44_100.0;
    // Joined files, so that the first one's note speaks of the first one.
    let note = info_frame(b"Info", 5, 576, 1000);
    let found = report(&[note, MONO_128.frames(10)]);
    assert_eq!(found.duration_seconds, ten_frames);
    // More was added than there is.
    let note = info_frame(b"Info", 1, 4095, 4095);
    let found = report(&[note, MONO_128.frame()]);
    assert_eq!(found.duration_seconds, 1152.0 / 44_100.0);
    // An encoder that does not use the field.
    let mut note = info_frame(b"Info", 10, 576, 1000);
    note[141..145].copy_from_slice(b"abcd");
    let found = report(&[note, MONO_128.frames(10)]);
    assert_eq!(found.duration_seconds, ten_frames);
}

#[test]
fn xing_frames_of_joined_files_are_not_audio() {
    let one = [info_frame(b"Info", 4, 576, 0), MONO_128.frames(4)].concat();
    assert_eq!(report(&[one.clone(), one]).frames, 8);
}

#[test]
fn a_xing_frame_that_counts_zero_frames_is_an_empty_file() {
    assert_eq!(reason(&[info_frame(b"Info", 0, 576, 0)]), "empty");
    assert_eq!(reason(&[]), "empty");
}

#[test]
fn a_file_cut_off_before_its_audio_is_truncated() {
    let note = info_frame(b"Xing", 10, 576, 0);
    let tag = id3v2(300, false);
    for left in [
        note.clone(),
        note[..200].to_vec(),
        vbri_frame(10),
        vbri_frame(10)[..60].to_vec(),
        tag.clone(),
        tag[..100].to_vec(),
        tag[..10].to_vec(),
        tag[..5].to_vec(),
        [&tag[..], &note].concat(),
        [&tag[..], &note[..30]].concat(),
        [&tag[..], &MONO_128.frame()[..300]].concat(),
        [id3v2(100, false), ape(20, true)].concat(),
    ] {
        assert_eq!(reason(std::slice::from_ref(&left)), "truncated", "{left:?}");
    }
}

/// Returns the bytes of a file that are uploaded.
fn sent(parts: &[Vec<u8>]) -> Vec<u8> {
    let file = parts.concat();
    let mut parser = Mp3Parser::new();
    parser.push(&file);
    parser.finish().unwrap();
    let ends: Vec<usize> = parser.parts().iter().map(|&at| at as usize).collect();
    ends.chunks(2)
        .flat_map(|ends| &file[ends[0]..ends[1]])
        .copied()
        .collect()
}

#[test]
fn parts_cover_only_frames() {
    let frames = MONO_128.frames(5);
    let note = info_frame(b"Info", 10, 576, 0);
    let (junk, none) = (vec![7; 100], vec![]);
    let twice = frames.repeat(2);
    for (file, expected) in [
        (vec![frames.clone()], frames.clone()),
        (
            vec![note.clone(), frames.clone()],
            [&note[..], &frames].concat(),
        ),
        // Junk and tags before, between and behind.
        (
            vec![frames.clone(), junk.clone(), frames.clone(), junk.clone()],
            twice.clone(),
        ),
        (
            vec![
                junk,
                frames.clone(),
                id3v1(),
                frames.clone(),
                lyrics(500),
                id3v1(),
            ],
            twice.clone(),
        ),
        // A frame that is cut off by the end of the file, or by a tag.
        (
            vec![frames.clone(), frames[..300].to_vec(), none],
            frames.clone(),
        ),
        (
            vec![frames.clone(), frames[..300].to_vec(), ape(500, false)],
            frames.clone(),
        ),
        // The note of a file that was joined to the first.
        (
            vec![note.clone(), frames.clone(), note.clone(), frames],
            [&note[..], &twice].concat(),
        ),
        // Frames of another layer.
        (vec![LAYER_TWO.frames(3), twice.clone()], twice),
    ] {
        assert_eq!(sent(&file), expected);
    }
}

#[test]
fn a_file_broken_everywhere_fails_in_bounded_memory() {
    let broken = [MPEG2_8.frames(3), vec![7; 9]].concat().repeat(6_000);
    assert_eq!(reason(&[broken]), "undecodable");
}

#[test]
fn a_cut_off_file_is_measured_up_to_its_end() {
    let file = MONO_128.frames(10);
    for cut in [1, 4, 100, 413, 416] {
        let found = report(&[file[..file.len() - cut].to_vec()]);
        assert_eq!(
            (found.frames, found.problems),
            (9, vec!["truncated"]),
            "{cut}"
        );
    }
    // Cut between frames: only the note tells.
    let note = info_frame(b"Info", 10, 576, 0);
    let found = report(&[note, MONO_128.frames(7)]);
    assert_eq!((found.frames, found.problems), (7, vec!["truncated"]));
}

#[test]
fn a_last_frame_that_a_tag_cuts_off_is_not_counted() {
    for behind in [id3v1(), ape(500, false), ape(500, true), id3v2(40, true)] {
        let file = [&MONO_128.frames(10)[..9 * 417 + 300], &behind].concat();
        let found = report(&[file]);
        assert_eq!(found.frames, 9, "{behind:?}");
        assert_eq!(found.problems, ["truncated"], "{behind:?}");
    }
}

#[test]
fn a_file_without_a_whole_frame_is_undecodable() {
    for file in [
        b"This is no audio.".to_vec(),
        vec![0; 100_000],
        vec![0xFF; 100_000],
        MONO_128.frame()[..416].to_vec(),
        [id3v2(100, false), b"no frame".to_vec()].concat(),
    ] {
        assert_eq!(reason(&[file]), "undecodable");
    }
}

#[test]
fn junk_is_skipped_and_reported() {
    let junk = vec![7; 5_000];
    let headers = [vec![0], MONO_128.0.repeat(40)].concat();
    for strange in [junk, vec![0; 3], headers, vec![0xFF; 700]] {
        for parts in [
            [MONO_128.frames(5), strange.clone(), MONO_128.frames(5)],
            [strange.clone(), MONO_128.frames(5), MONO_128.frames(5)],
            [MONO_128.frames(5), MONO_128.frames(5), strange.clone()],
        ] {
            let found = report(&parts);
            assert_eq!((found.frames, found.problems), (10, vec!["junk"]));
        }
    }
}

#[test]
fn a_last_frame_after_junk_is_found() {
    let found = report(&[MONO_128.frames(2), vec![7; 50], MONO_128.frame()]);
    assert_eq!((found.frames, found.problems), (3, vec!["junk"]));
}

#[test]
fn a_change_of_sample_rate_is_reported_and_both_parts_count() {
    let found = report(&[MPEG2_64.frames(4), STEREO_48_320.frames(4)]);
    assert_eq!((found.sample_rate, found.channels), (22_050, 1));
    assert_eq!(found.frames, 8);
    let seconds = 4.0 * 576.0 / 22_050.0 + 4.0 * 1152.0 / 48_000.0;
    assert!((found.duration_seconds - seconds).abs() < 1e-12);
    assert_eq!(found.problems, ["mixed_formats"]);
}

#[test]
fn other_layers_are_unsupported_codecs() {
    for (kind, name) in [(LAYER_ONE, "layer I,"), (LAYER_TWO, "layer II,")] {
        let (reason, message) = failure(&[id3v2(20, false), kind.frames(9), id3v1()]);
        assert_eq!(reason, "unsupported_codec");
        assert!(message.contains(name), "{message}");
    }
}

#[test]
fn free_format_is_recognized() {
    for padded in [false, true] {
        let mut frame = FREE.frame();
        if padded {
            frame[2] |= 2;
            frame.push(0);
        }
        let stream = [frame, FREE.frame()].concat().repeat(5);
        for (before, behind) in [
            (vec![], vec![]),
            (id3v2(20, false), id3v1()),
            (vec![], FREE.frame()[..500].to_vec()),
        ] {
            assert!(is_free_format(&[before, stream.clone(), behind].concat()));
        }
    }
}

#[test]
fn data_that_resembles_free_format_is_not_recognized_as_it() {
    // No constant distance.
    let mut noise = Vec::new();
    for gap in [100, 300, 20, 777, 90] {
        noise.extend(FREE.0);
        noise.resize(noise.len() + gap, 1);
    }
    assert!(!is_free_format(&noise));
    assert_eq!(reason(&[noise.clone()]), "undecodable");
    let found = report(&[MONO_128.frames(9), noise]);
    assert_eq!((found.frames, found.problems), (9, vec!["junk"]));
    // Too few, behind something else, and with something else behind.
    for parts in [
        [FREE.frames(3), vec![]],
        [vec![0], FREE.frames(9)],
        [FREE.frames(9), vec![0; 2_000]],
    ] {
        assert!(!is_free_format(&parts.concat()));
    }
}

/// Quiet samples of 16 bits look like headers everywhere, and a tone repeats them.
#[test]
fn raw_pcm_speech_is_not_an_mp3() {
    let mut seed = 1u32;
    let mut noise = |most: i32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) as i32 % (2 * most + 1) - most
    };
    for amplitude in [1, 3, 20, 400, 9_000] {
        let noisy: Vec<u8> = (0..20_000)
            .flat_map(|_| (noise(amplitude) as i16).to_le_bytes())
            .collect();
        let tone: Vec<u8> = (0..20_000)
            .map(|n| (f64::from(n) / 16_000.0 * 440.0 * std::f64::consts::TAU).sin())
            .flat_map(|level| ((level * f64::from(amplitude)) as i16).to_le_bytes())
            .collect();
        for pcm in [noisy, tone] {
            assert!(!is_free_format(&pcm), "{amplitude}");
            assert_eq!(reason(&[pcm]), "undecodable", "{amplitude}");
        }
    }
}
