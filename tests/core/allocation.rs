//! What a file claims costs no memory.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use crate::files::*;
use thetaone_web::core::audio::container;
use thetaone_web::core::audio::mp3::Mp3Parser;
use thetaone_web::core::audio::plan::{INSPECTED_BYTES, PreparationPlan, inspect};
use thetaone_web::core::audio::prepare::Preparer;

/// The system's allocator, with a count for each thread: tests run side by
/// side.
struct Counting;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    // A thread that is ending has no count any more.
    let _ = LIVE.try_with(|live| {
        live.set(live.get() + bytes);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(live.get())));
    });
}

// SAFETY: every call is handed on to the system's allocator unchanged; counting
// allocates nothing.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// How many bytes this work took at once, beyond what was there before.
fn peak_of<T>(work: impl FnOnce() -> T) -> (isize, T) {
    let before = LIVE.get();
    PEAK.set(before);
    let result = work();
    (PEAK.get() - before, result)
}

const KIB: isize = 1024;

/// Names, messages, and the walker's window.
const INSPECTION_BYTES: isize = 32 * KIB;

#[test]
fn the_allocator_counts_allocations() {
    let (bytes, kept) = peak_of(|| {
        drop(vec![1u8; 5_000]);
        vec![1u8; 3_000]
    });
    assert_eq!((bytes, kept.len()), (5_000, 3_000));
}

#[test]
fn a_header_that_claims_four_gigabytes_takes_no_memory() {
    let gigabytes = u64::from(u32::MAX);
    for mut file in waves() {
        let data = file.windows(4).position(|id| id == b"data").unwrap();
        file[data + 4..data + 8].copy_from_slice(&(u32::MAX - 1).to_le_bytes());
        // Both where the bytes are missing and where they are there.
        for total_bytes in [file.len() as u64, gigabytes + 1_000] {
            let (bytes, found) = peak_of(|| inspect(&file, total_bytes));
            assert!(bytes < INSPECTION_BYTES, "{bytes} for {found:?}");
        }
    }
}

#[test]
fn no_field_of_any_file_takes_memory() {
    for file in waves().into_iter().chain(mp3s()) {
        for at in 0..file.len().min(700) {
            let mut damaged = file.clone();
            let end = damaged.len().min(at + 4);
            damaged[at..end].fill(0xFF);
            for total_bytes in [damaged.len() as u64, u64::MAX] {
                let (bytes, _) = peak_of(|| {
                    container::sniff(&damaged);
                    inspect(&damaged, total_bytes).is_ok()
                });
                assert!(bytes < INSPECTION_BYTES, "{bytes} with {at} changed");
            }
            let (bytes, _) = peak_of(|| {
                let mut parser = Mp3Parser::new();
                parser.push(&damaged);
                parser.finish().is_ok()
            });
            assert!(bytes < INSPECTION_BYTES, "{bytes} with {at} changed");
        }
    }
}

#[test]
fn the_mp3_parser_stores_a_few_frames_for_blocks_of_any_size() {
    let frames = STEREO_32_320.frames(730);
    let candidates = MONO_128.0.repeat(260_000);
    let free = FREE.frames(1_050);
    let mut claimed = id3v2(100, false);
    claimed[6..10].fill(0x7F);
    claimed.resize(1 << 20, 0);
    for block in [
        frames,
        candidates,
        free,
        claimed,
        vec![0; 1 << 20],
        vec![0xFF; 1 << 20],
    ] {
        assert!(block.len() > 1_000_000);
        let (bytes, _) = peak_of(|| {
            let mut parser = Mp3Parser::new();
            for _ in 0..4 {
                parser.push(&block);
            }
            parser.finish().is_ok()
        });
        assert!(bytes < INSPECTION_BYTES, "{bytes}");
    }
}

#[test]
fn inspection_does_not_copy_the_head() {
    let mut head = waves().remove(1);
    let plain = format(1, 1, 16_000, 16);
    head.splice(
        ..,
        riff(
            b"RIFF",
            &[(b"fmt ", &plain), (b"data", &vec![0; INSPECTED_BYTES])],
        ),
    );
    let (bytes, found) = peak_of(|| inspect(&head, head.len() as u64));
    assert!(matches!(found, Ok(PreparationPlan::PassThrough(_))));
    assert!(bytes < KIB, "{bytes}");
}

#[test]
fn a_preparer_takes_no_more_than_its_filters() {
    const FILTER_BYTES: isize = 3_500 * KIB;
    // With 640 phases, the most that are kept, and with interpolation.
    let most_phases = (0..8).map(|n| 191_975 - n * 25_000);
    let awkward = [
        0,
        1,
        7_999,
        8_000,
        16_000,
        16_001,
        44_100,
        47_999,
        191_999,
        192_000,
        192_001,
        u32::MAX,
    ];
    for rate in most_phases.chain(awkward) {
        let (bytes, _) = peak_of(|| Preparer::new(rate, false).is_ok());
        assert!(bytes < FILTER_BYTES, "{bytes} at {rate} Hz");
    }
}

#[test]
fn preparer_memory_does_not_grow_with_the_recording() {
    let block = vec![0.1f32; 192_000];
    let mut preparer = Preparer::new(192_000, false).unwrap();
    let mut pcm = Vec::new();
    let mut seconds = |count| {
        for _ in 0..count {
            preparer.push(&block, &mut pcm);
            pcm.clear();
        }
    };
    seconds(2);
    // What was heard of each moment is all that gathers.
    let (bytes, ()) = peak_of(|| seconds(20));
    assert!(bytes < 16 * KIB, "{bytes}");
}
