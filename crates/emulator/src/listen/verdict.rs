//! Whether the words of a sentence were spoken, and how well each sounded.
//!
//! For each word w of n sounds:
//!
//! ```text
//! log ratio = [ln P(audio | sentence without w) − ln P(audio | sentence)] / n,   negated
//! score     = exp( mean over the sounds of ln max { y(t, sound) : t in its frames } )
//! ```
//!
//! The log ratio says how much better the sentence explains the recording with the word than
//! without it, for each sound of the word. The score is the geometric mean of the probabilities
//! that the engine gave to the sounds that were expected.

use super::alignment::AlignedSound;
use super::emissions::{Emissions, Label};

/// A word with a lower log ratio counts as not spoken. On 20 synthetic sentences in 6 voices, -3
/// refuses 98.0 % of those without a word, and 0.8 % of right words; -3.57 refuses 96.8 and 0.5 %.
pub const MIN_LOG_RATIO: f64 = -3.0;
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
        let count = sounds.len().max(1) as f64;
        let sum: f64 = sounds.iter().map(|sound| log_peak(emissions, sound)).sum();
        Evidence {
            log_ratio: (complete - without) / count,
            score: (sum / count).exp(),
        }
    }

    /// Whether the word counts as spoken.
    pub fn is_spoken(&self) -> bool {
        self.log_ratio >= MIN_LOG_RATIO
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
