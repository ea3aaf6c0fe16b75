//! The emulator's decision for a sentence, and for each of its words.

use emulator::listen::emissions::Emissions;
use emulator::listen::verdict::{Band, Evidence, is_complete};
use emulator::listen::{Heard, Listener};

use crate::figures::Share;

/// The decision for a sentence and for each of its words that can be judged.
pub struct Decision {
    pub is_complete: bool,
    words: Vec<Option<Evidence>>,
}

impl Decision {
    pub fn of(listener: &Listener, emissions: &Emissions, text: &str) -> Decision {
        match listener.find(&words(text), emissions) {
            Heard::Words(heard) => {
                let words: Vec<_> = heard.iter().map(|word| word.evidence).collect();
                let judged: Vec<_> = words.iter().flatten().copied().collect();
                Decision {
                    is_complete: is_complete(&judged),
                    words,
                }
            }
            Heard::TooShort => Decision {
                is_complete: false,
                words: Vec::new(),
            },
            Heard::NotJudged => Decision {
                is_complete: true,
                words: Vec::new(),
            },
        }
    }

    pub fn refused_words(&self) -> Share {
        let mut share = Share::default();
        for evidence in self.words.iter().flatten() {
            share.add(!evidence.is_spoken());
        }
        share
    }

    pub fn refuses(&self, word: usize) -> bool {
        match self.words.get(word) {
            Some(evidence) => evidence.is_some_and(|evidence| !evidence.is_spoken()),
            None => !self.is_complete,
        }
    }
}

/// The words of a text.
pub fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// The text without one of its words.
pub fn without(text: &str, word: usize) -> String {
    let mut words = words(text);
    words.remove(word);
    words.join(" ")
}

/// Whether a word is in the best band.
pub fn is_good(decision: &Decision, word: usize) -> bool {
    let evidence = decision.words.get(word).copied().flatten();
    evidence.is_some_and(|evidence| Band::of_score(evidence.score) == Band::Good)
}
