//! The syllables and sounds of a word, placed in its time.

use super::spelling::{self, Grapheme};
use crate::speech::Segment;

/// A syllable of a word that was spoken.
pub struct SpokenSyllable {
    /// The letters.
    pub text: String,
    pub span: Segment,
    /// From 0 to 100.
    pub score: f64,
    pub is_stressed: bool,
    pub sounds: Vec<SpokenSound>,
}

/// A sound of a syllable.
pub struct SpokenSound {
    /// The symbol in the International Phonetic Alphabet.
    pub symbol: &'static str,
    pub span: Segment,
    /// From 0 to 100.
    pub score: f64,
    pub is_stressed: bool,
}

/// Places the syllables of a word in `span`, where a vowel lasts twice as long as a consonant.
/// `rate` returns the score of a part of the recording, and `level` its loudness. Of several
/// syllables, the loudest one is stressed; a single one is stressed if the word is.
pub fn place(
    word: &str,
    span: Segment,
    is_word_stressed: bool,
    level: impl Fn(Segment) -> f64,
    rate: impl Fn(Segment) -> f64,
) -> Vec<SpokenSyllable> {
    let syllables = spelling::syllables(word);
    let total: f64 = syllables.iter().map(|syllable| weight(syllable)).sum();
    let mut passed = 0.0;
    let mut advance = |weight: f64| {
        let at = |passed: f64| span.start + span.seconds() * passed / total;
        let part = Segment {
            start: at(passed),
            end: at(passed + weight),
        };
        passed += weight;
        part
    };
    let mut spoken: Vec<SpokenSyllable> = Vec::with_capacity(syllables.len());
    for syllable in &syllables {
        let sounded = syllable
            .iter()
            .filter(|grapheme| !grapheme.sound.is_empty());
        let sounds: Vec<SpokenSound> = sounded
            .map(|grapheme| {
                let span = advance(grapheme_weight(grapheme));
                SpokenSound {
                    symbol: grapheme.sound,
                    span,
                    score: rate(span),
                    is_stressed: grapheme.is_vowel,
                }
            })
            .collect();
        let span = match (sounds.first(), sounds.last()) {
            (Some(first), Some(last)) => Segment {
                start: first.span.start,
                end: last.span.end,
            },
            _ => advance(weight(syllable)),
        };
        spoken.push(SpokenSyllable {
            text: syllable.iter().map(|grapheme| &*grapheme.letters).collect(),
            span,
            score: rate(span),
            is_stressed: is_word_stressed,
            sounds,
        });
    }
    if spoken.len() > 1 {
        let levels = spoken
            .iter()
            .map(|syllable| level(syllable.span))
            .enumerate();
        let loudest = levels.reduce(|best, other| if other.1 > best.1 { other } else { best });
        for (index, syllable) in spoken.iter_mut().enumerate() {
            syllable.is_stressed = loudest.is_some_and(|(loudest, _)| index == loudest);
        }
    }
    // Only the vowel of a stressed syllable is a stressed sound.
    for syllable in &mut spoken {
        for sound in &mut syllable.sounds {
            sound.is_stressed &= syllable.is_stressed;
        }
    }
    spoken
}

/// How long a syllable lasts, in relation to others.
fn weight(syllable: &[Grapheme]) -> f64 {
    syllable.iter().map(grapheme_weight).sum::<f64>().max(1.0)
}

fn grapheme_weight(grapheme: &Grapheme) -> f64 {
    match (grapheme.is_vowel, grapheme.sound) {
        (true, _) => 2.0,
        (false, "") => 0.0,
        (false, _) => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Segment = Segment {
        start: 1.0,
        end: 2.0,
    };

    #[test]
    fn the_parts_of_a_word_fill_its_time_without_gaps() {
        for word in ["castle", "I", "beautiful", "3", "twenty-one"] {
            let syllables = place(word, SPAN, true, |_| 0.0, |_| 90.0);
            let mut end = SPAN.start;
            for syllable in &syllables {
                assert!((syllable.span.start - end).abs() < 1e-9, "{word}");
                end = syllable.span.end;
                if let (Some(first), Some(last)) = (syllable.sounds.first(), syllable.sounds.last())
                {
                    assert_eq!(first.span.start, syllable.span.start, "{word}");
                    assert_eq!(last.span.end, syllable.span.end, "{word}");
                }
                assert!(
                    syllable
                        .sounds
                        .iter()
                        .all(|sound| sound.span.seconds() > 0.0)
                );
            }
            assert!((end - SPAN.end).abs() < 1e-9, "{word}");
        }
    }

    #[test]
    fn the_loudest_syllable_and_its_vowel_are_stressed() {
        let later_is_louder = |span: Segment| span.start;
        let syllables = place("about", SPAN, false, later_is_louder, |_| 90.0);
        let stressed: Vec<bool> = syllables
            .iter()
            .map(|syllable| syllable.is_stressed)
            .collect();
        assert_eq!(stressed, [false, true]);
        let sounds = syllables.iter().flat_map(|syllable| &syllable.sounds);
        let stressed: Vec<&str> = sounds.filter(|s| s.is_stressed).map(|s| s.symbol).collect();
        assert_eq!(stressed, ["aʊ"]);
    }

    #[test]
    fn a_single_syllable_is_stressed_as_its_word_is() {
        for is_stressed in [true, false] {
            let syllables = place("tree", SPAN, is_stressed, |_| 0.0, |_| 90.0);
            assert_eq!(syllables.len(), 1);
            assert_eq!(syllables[0].is_stressed, is_stressed);
            assert_eq!(
                syllables[0].sounds.iter().any(|s| s.is_stressed),
                is_stressed
            );
        }
    }
}
