//! Whether the words of a sentence were spoken, and how well each sounded.
//!
//! For each word w of n sounds:
//!
//! ```text
//! log ratio = ln P(audio | sentence) − ln P(audio | sentence without w)
//! score     = exp( mean over the sounds of ln max { y(t, sound) : t in its frames } )
//! ```
//!
//! The log ratio says how much better the sentence explains the recording with the word than
//! without it. The score is the geometric mean of the probabilities that the engine gave to the
//! sounds that were expected.

use super::alignment::AlignedSound;
use super::emissions::{Emissions, Label};

/// A word of at most [`SHORT_WORD_SOUNDS`] with a lower log ratio counts as not spoken.
///
/// Chosen on 30 synthetic sentences in 8 voices. Of words of one and two sounds that are not there,
/// -4 rejects 83.5 % and 95.5 %, and of those that are, 0.8 % and 0.4 %; -3 rejects 91.7 % and
/// 96.2 %, and 0.8 % and 0.6 %. People reduce such words more than voices do, so -4 it is: "a" in
/// "Mark is a bad correspondent" has -3.9, and is heard as 30 ms of voice.
pub const MIN_LOG_RATIO_SHORT: f64 = -4.0;
/// A longer word with a lower log ratio counts as not spoken. On the same sentences, -6 rejects
/// 99.9 % of words that are not there, and 0.1 % of those that are.
pub const MIN_LOG_RATIO_LONG: f64 = -6.0;
/// Words of more sounds are long.
pub const SHORT_WORD_SOUNDS: usize = 2;
/// A sentence whose words have a lower mean of ln(score) counts as another sentence.
pub const MIN_MEAN_LOG_SCORE: f64 = -2.73;
/// Words that score at least this sound as expected.
const CLEAR_SCORE: f64 = 0.3;
/// Words that score less than this have sounds that the engine did not find.
const UNCLEAR_SCORE: f64 = 0.02;
/// The least probability of a sound, so that one missing sound does not outweigh all others.
const MIN_PROBABILITY: f64 = 1e-8;

/// How well a word sounded. More steps than these would not be honest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// Sounds are missing, or others were spoken.
    Poor,
    /// Some sounds were not clear.
    Fair,
    /// The sounds are those that were expected.
    Good,
}

impl Band {
    /// The band of a word's score.
    pub fn of_score(score: f64) -> Band {
        if score >= CLEAR_SCORE {
            Band::Good
        } else if score >= UNCLEAR_SCORE {
            Band::Fair
        } else {
            Band::Poor
        }
    }

    /// The score that stands for the band, of 100.
    pub fn score(self) -> f64 {
        match self {
            Band::Poor => 40.0,
            Band::Fair => 70.0,
            Band::Good => 95.0,
        }
    }

    /// The name in responses.
    pub fn name(self) -> &'static str {
        match self {
            Band::Poor => "poor",
            Band::Fair => "fair",
            Band::Good => "good",
        }
    }
}

/// The evidence for one word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// Whether the word was spoken at all.
    pub log_ratio: f64,
    /// How many sounds the word has.
    pub sounds: usize,
    /// How well it sounded, from 0 to 1.
    pub score: f64,
}

impl Evidence {
    /// Weighs a word that was aligned with `sounds`. `complete` and `without` are the logarithms of
    /// P(audio | sentence) with the word and without.
    pub fn new(
        emissions: &Emissions,
        sounds: &[AlignedSound],
        complete: f64,
        without: f64,
    ) -> Evidence {
        let sum: f64 = sounds.iter().map(|sound| log_peak(emissions, sound)).sum();
        Evidence {
            log_ratio: complete - without,
            sounds: sounds.len(),
            score: (sum / sounds.len().max(1) as f64).exp(),
        }
    }

    /// Whether the word counts as spoken.
    pub fn is_spoken(&self) -> bool {
        let minimum = match self.sounds <= SHORT_WORD_SOUNDS {
            true => MIN_LOG_RATIO_SHORT,
            false => MIN_LOG_RATIO_LONG,
        };
        self.log_ratio >= minimum
    }
}

/// Whether all words of a sentence were spoken. The log ratios find a missing word; the mean score
/// finds another sentence, whose words may be similar enough one by one.
pub fn is_complete(words: &[Evidence]) -> bool {
    words.iter().all(Evidence::is_spoken) && mean_log_score(words) >= MIN_MEAN_LOG_SCORE
}

/// The mean of ln(score).
pub fn mean_log_score(words: &[Evidence]) -> f64 {
    let sum: f64 = words.iter().map(|word| word.score.ln()).sum();
    sum / words.len().max(1) as f64
}

fn log_peak(emissions: &Emissions, sound: &AlignedSound) -> f64 {
    let label = Label::Sound(sound.phone);
    sound
        .frames
        .clone()
        .map(|frame| emissions.log_probability(frame, label))
        .fold(MIN_PROBABILITY.ln(), f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(sounds: usize, log_ratio: f64) -> Evidence {
        Evidence {
            log_ratio,
            sounds,
            score: 0.5,
        }
    }

    #[test]
    fn a_short_word_needs_less_evidence_against_it_than_a_long_one() {
        for (sounds, limit) in [(1, -4.0), (2, -4.0), (3, -6.0), (9, -6.0)] {
            assert!(
                evidence(sounds, limit + 0.01).is_spoken(),
                "{sounds} sounds"
            );
            assert!(
                !evidence(sounds, limit - 0.01).is_spoken(),
                "{sounds} sounds"
            );
        }
    }

    #[test]
    fn a_sentence_is_complete_if_each_word_was_spoken_and_most_sounded_right() {
        let spoken = evidence(3, 5.0);
        assert!(is_complete(&[spoken, spoken]));
        assert!(!is_complete(&[spoken, evidence(3, -7.0)]));
        let unlike = Evidence {
            score: 0.01,
            ..spoken
        };
        assert!(is_complete(&[spoken, spoken, unlike]));
        assert!(!is_complete(&[unlike, unlike]), "another sentence");
    }
}
