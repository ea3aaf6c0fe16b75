//! Results that are computed from the loudness alone: louder is better.

use super::{WordResult, syllables, word_feedback};
use crate::decode::Decoded;
use crate::speech::{Segment, level_dbfs};

/// The score of a part that is as loud as the speech is on average.
const MEAN_SCORE: f64 = 90.0;
/// How much a decibel changes a score. A word that is 4 dB below the speech is not clear, and one
/// that is 10 dB below is not correct, so that ordinary speech has scores of all levels.
const POINTS_PER_DB: f64 = 3.0;
/// A word that is this much louder than the speech is stressed, in decibels.
const STRESS_DB: f64 = 1.0;

/// Returns the words, placed in the speech in proportion to their letters.
pub fn words(audio: &Decoded, texts: &[&str], speech: &[Segment]) -> Vec<WordResult> {
    let level = |span: Segment| level_dbfs(&audio.mono, audio.facts.sample_rate, span);
    let mean_level = mean_level(speech, level);
    let rate = |span: Segment| {
        let difference_db = level(span) - mean_level;
        (MEAN_SCORE + POINTS_PER_DB * difference_db).clamp(0.0, 100.0)
    };
    let spans = place(texts, speech);
    let words = texts.iter().zip(spans).map(|(text, span)| {
        let is_stressed = level(span) - mean_level > STRESS_DB;
        let score = rate(span);
        WordResult {
            text: (*text).to_owned(),
            span,
            score,
            is_stressed,
            feedback: word_feedback(score),
            syllables: syllables::place(text, span, is_stressed, level, rate),
        }
    });
    words.collect()
}

/// The level of all segments together, in dBFS.
fn mean_level(speech: &[Segment], level: impl Fn(Segment) -> f64) -> f64 {
    let energy = |segment: &Segment| segment.seconds() * 10.0_f64.powf(level(*segment) / 10.0);
    let energies: f64 = speech.iter().map(energy).sum();
    let seconds: f64 = speech.iter().map(Segment::seconds).sum();
    10.0 * (energies / seconds).log10()
}

/// Distributes the words over the segments of speech. A word is within one segment, so that the
/// silence between two segments is a pause between two words.
fn place(texts: &[&str], speech: &[Segment]) -> Vec<Segment> {
    let letters = |text: &&str| text.chars().count() as f64;
    let all_letters: f64 = texts.iter().map(letters).sum();
    let all_seconds: f64 = speech.iter().map(Segment::seconds).sum();
    // The segment in which the middle of each word would be if there were no silence.
    let mut passed = 0.0;
    let home = |text: &&str| {
        let middle = (passed + letters(text) / 2.0) * all_seconds / all_letters;
        passed += letters(text);
        segment_at(speech, middle)
    };
    let homes: Vec<usize> = texts.iter().map(home).collect();
    let mut spans = Vec::with_capacity(texts.len());
    let words: Vec<(usize, f64)> = homes.into_iter().zip(texts.iter().map(letters)).collect();
    for phrase in words.chunk_by(|a, b| a.0 == b.0) {
        let Some(segment) = phrase.first().and_then(|(home, _)| speech.get(*home)) else {
            continue;
        };
        let in_phrase: f64 = phrase.iter().map(|(_, letters)| letters).sum();
        let mut start = segment.start;
        for (_, letters) in phrase {
            let end = start + segment.seconds() * letters / in_phrase;
            // Rounding must not lead out of the segment.
            let end = end.min(segment.end);
            spans.push(Segment { start, end });
            start = end;
        }
    }
    spans
}

/// The index of the segment in which this many seconds of speech are over.
fn segment_at(speech: &[Segment], seconds: f64) -> usize {
    let mut passed = 0.0;
    for (index, segment) in speech.iter().enumerate() {
        passed += segment.seconds();
        if seconds <= passed {
            return index;
        }
    }
    speech.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(start: f64, end: f64) -> Segment {
        Segment { start, end }
    }

    #[test]
    fn words_follow_each_other_within_the_segments_of_speech() {
        let speech = [segment(0.5, 1.5), segment(2.0, 2.5), segment(3.0, 3.1)];
        let texts = ["check", "out", "this", "castle"];
        let spans = place(&texts, &speech);
        assert_eq!(spans.len(), texts.len());
        for span in &spans {
            let is_within =
                |segment: &Segment| span.start >= segment.start && span.end <= segment.end;
            assert!(speech.iter().any(is_within), "{span:?}");
            assert!(span.seconds() > 0.0);
        }
        assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
        assert_eq!((spans[0].start, spans[3].end), (0.5, 2.5));
    }

    #[test]
    fn the_silence_between_two_segments_is_between_two_words() {
        let spans = place(&["one", "two"], &[segment(0.0, 1.0), segment(2.0, 3.0)]);
        assert_eq!(spans, [segment(0.0, 1.0), segment(2.0, 3.0)]);
    }

    #[test]
    fn there_may_be_more_segments_than_words() {
        let speech: Vec<Segment> = (0..9)
            .map(|n| segment(f64::from(n), f64::from(n) + 0.5))
            .collect();
        assert_eq!(place(&["one"], &speech), [segment(4.0, 4.5)]);
        assert!(place(&[], &speech).is_empty());
    }
}
