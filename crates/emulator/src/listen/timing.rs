//! When words begin and end, from the engine's frames and the loudness.
//!
//! The engine finds the beginning of a word well, and its end badly: it reports a sound as a short
//! peak. So a word lasts until the next one begins, or until the speech falls silent before that.

use super::HeardWord;
use crate::speech::Segment;

/// A word that seems to begin in a pause begins where the speech goes on, if that is this near, in
/// seconds.
const MAX_SHIFT_SECONDS: f64 = 0.15;

/// Places the words in a recording that has speech in `speech`. Words whose sounds are not known
/// share the time between their neighbors.
pub fn place(words: &[HeardWord], speech: &[Segment]) -> Vec<Segment> {
    let starts = starts(words, speech);
    let speech_end = speech.last().map_or(0.0, |segment| segment.end);
    let mut spans = Vec::with_capacity(words.len());
    for (index, word) in words.iter().enumerate() {
        let start = starts[index];
        let limit = starts.get(index + 1).copied().unwrap_or(speech_end);
        let heard_until = word.last_sound_seconds().unwrap_or(start);
        let silence = speech.iter().map(|segment| segment.end);
        let end = silence
            .filter(|end| *end > start && *end >= heard_until)
            .fold(limit, f64::min);
        spans.push(Segment {
            start,
            end: end.max(start),
        });
    }
    spans
}

/// The beginning of each word; none is before that of the word before.
fn starts(words: &[HeardWord], speech: &[Segment]) -> Vec<f64> {
    let mut from = speech.first().map_or(0.0, |segment| segment.start);
    let end = speech.last().map_or(from, |segment| segment.end);
    let mut starts: Vec<f64> = Vec::with_capacity(words.len());
    let mut rest = words;
    while let Some(word) = rest.first() {
        if let (Some(onset), Some(last_sound)) = (word.onset_seconds(), word.last_sound_seconds()) {
            starts.push(in_speech(onset, speech));
            from = last_sound;
            rest = &rest[1..];
            continue;
        }
        let unknown = rest.iter().take_while(|w| w.sounds.is_empty()).count();
        let next = rest.get(unknown).and_then(HeardWord::onset_seconds);
        let step = (next.unwrap_or(end) - from).max(0.0) / unknown as f64;
        starts.extend((0..unknown).map(|place| from + step * place as f64));
        rest = &rest[unknown..];
    }
    let mut earliest = 0.0_f64;
    for start in &mut starts {
        earliest = earliest.max(*start);
        *start = earliest;
    }
    starts
}

fn in_speech(onset: f64, speech: &[Segment]) -> f64 {
    let next = speech.iter().find(|segment| segment.end > onset);
    match next {
        Some(next) if next.start > onset && next.start - onset < MAX_SHIFT_SECONDS => next.start,
        _ => onset,
    }
}

#[cfg(test)]
mod tests {
    use super::super::alignment::AlignedSound;
    use super::super::verdict::Evidence;
    use super::*;

    /// A word whose only sound was found in these frames of 20 ms, or one without sounds.
    fn word(frames: Option<std::ops::Range<usize>>) -> HeardWord {
        let evidence = frames.as_ref().map(|_| Evidence {
            log_ratio: 5.0,
            sounds: 1,
            score: 1.0,
        });
        let sounds = frames.map(|frames| AlignedSound {
            phone: "AH".parse().unwrap(),
            frames,
        });
        HeardWord {
            evidence,
            sounds: sounds.into_iter().collect(),
        }
    }

    fn segment(start: f64, end: f64) -> Segment {
        Segment { start, end }
    }

    fn assert_spans(spans: &[Segment], expected: &[(f64, f64)]) {
        assert_eq!(spans.len(), expected.len());
        for (span, (start, end)) in spans.iter().zip(expected) {
            let is_close = (span.start - start).abs() < 1e-9 && (span.end - end).abs() < 1e-9;
            assert!(is_close, "{spans:?} is not {expected:?}");
        }
    }

    #[test]
    fn a_word_lasts_until_the_next_or_until_a_pause() {
        let words = [word(Some(10..12)), word(Some(20..22)), word(Some(60..62))];
        let speech = [segment(0.1, 0.55), segment(1.1, 1.6)];
        let spans = place(&words, &speech);
        assert_spans(&spans, &[(0.11, 0.31), (0.31, 0.55), (1.11, 1.6)]);
    }

    #[test]
    fn a_word_found_in_a_pause_begins_with_the_speech_after_it() {
        let words = [word(Some(5..6)), word(Some(60..62))];
        let speech = [segment(0.1, 0.5), segment(1.2, 1.6)];
        let spans = place(&words, &speech);
        assert_spans(&spans, &[(0.1, 0.5), (1.2, 1.6)]);
    }

    #[test]
    fn words_that_are_not_known_share_the_time_between_their_neighbors() {
        let words = [
            word(Some(10..12)),
            word(None),
            word(None),
            word(Some(50..52)),
            word(None),
        ];
        let spans = place(&words, &[segment(0.1, 2.0)]);
        assert_eq!(spans.len(), words.len());
        assert!(spans.windows(2).all(|pair| pair[0].start < pair[1].start));
        assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
        assert!((spans[3].start - 0.91).abs() < 1e-9);
        assert!((spans[4].end - 2.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_is_placed_out_of_order_or_fails_without_speech() {
        let words = [word(None), word(Some(30..31)), word(Some(28..29))];
        for speech in [vec![], vec![segment(0.3, 0.4)]] {
            let spans = place(&words, &speech);
            assert!(spans.iter().all(|span| span.end >= span.start));
            assert!(spans.windows(2).all(|pair| pair[0].start <= pair[1].start));
        }
    }
}
