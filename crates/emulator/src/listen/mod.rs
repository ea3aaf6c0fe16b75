//! Listening: whether the words of a sentence were spoken, and when, by a speech engine that runs
//! on this machine.
//!
//! ```text
//! samples ─ engine ──► emissions ─┬─ ctc ────────► P(audio | text), with and without a word ─┐
//! text ──── lexicon ─► network ───┴─ alignment ──► frames of each sound ─► timing            │
//!                                                          └──────────────────────► verdict ◄┘
//! ```
//!
//! Figures and limits are in crates/emulator/LISTENING.md.

pub mod alignment;
#[cfg(test)]
mod brute_force;
pub mod ctc;
pub mod emissions;
pub mod engine;
mod engine_pronunciations;
pub mod error;
mod files;
pub mod lexicon;
pub mod network;
pub mod phones;
mod resample;
pub mod timing;
pub mod verdict;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use alignment::{AlignedSound, align};
use ctc::likelihoods;
use emissions::{Emissions, FRAME_SECONDS};
use engine::Engine;
use engine_pronunciations::ENGINE_PRONUNCIATIONS;
use error::Unavailable;
use files::Files;
use lexicon::Lexicon;
use network::Network;
use verdict::Evidence;

/// The name of the engine in responses.
pub const ENGINE_NAME: &str = "hama 1.7.0 with CMUdict";
/// The engine finds a sound this much after its beginning, in seconds.
const ENGINE_LAG_SECONDS: f64 = 0.09;

/// The product of frames and states above which a sentence is not judged: a minute of fast speech
/// has 8 million, and each takes a byte and 0.1 µs.
const MAX_CELLS: usize = 16_000_000;

/// An engine and a lexicon, ready to be used by any number of requests.
pub struct Listener {
    engine: Engine,
    lexicon: Lexicon,
}

/// Without the lexicon's 125,000 words.
impl fmt::Debug for Listener {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Listener")
    }
}

/// A word of the sentence as it was heard.
#[derive(Debug, Clone, PartialEq)]
pub struct HeardWord {
    /// The evidence; `None` if the lexicon lacks the word, so that nothing can be said about it.
    pub evidence: Option<Evidence>,
    /// Its sounds, by the frames of the engine.
    pub sounds: Vec<AlignedSound>,
}

impl HeardWord {
    /// When the word began, in seconds.
    pub fn onset_seconds(&self) -> Option<f64> {
        let first = self.sounds.first()?;
        Some((first.frames.start as f64 * FRAME_SECONDS - ENGINE_LAG_SECONDS).max(0.0))
    }

    /// When the last sound of the word was found, in seconds.
    pub fn last_sound_seconds(&self) -> Option<f64> {
        let last = self.sounds.last()?;
        Some((last.frames.end as f64 * FRAME_SECONDS - ENGINE_LAG_SECONDS).max(0.0))
    }
}

/// The result of listening for a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// Each word, of which some may be missing.
    Words(Vec<HeardWord>),
    /// The recording is too short for the sentence.
    TooShort,
    /// Nothing can be said: the lexicon has no word of the sentence, the sentence is too long, or
    /// the recording cannot be used.
    NotJudged,
}

/// Loads a listener for a program, and says in one line whether there is one.
pub fn load_listener(folder: &Path) -> Option<Arc<Listener>> {
    match Listener::load(folder) {
        Ok(listener) => {
            println!("Listening: words are judged by {ENGINE_NAME}.");
            Some(Arc::new(listener))
        }
        Err(reason) => {
            println!("Not listening: {reason}. Words are judged by loudness.");
            None
        }
    }
}

impl Listener {
    /// Loads the engine and the lexicon from the files in `folder`.
    pub fn load(folder: &Path) -> Result<Listener, Unavailable> {
        let files = Files::open(folder)?;
        let engine = Engine::load(&files.library, files.weights, &files.vocabulary)?;
        let mut lexicon = Lexicon::parse(&String::from_utf8_lossy(&files.lexicon));
        lexicon.add(ENGINE_PRONUNCIATIONS);
        Ok(Listener { engine, lexicon })
    }

    /// Listens for the words of a sentence in mono samples.
    pub fn listen(&self, words: &[&str], samples: &[f32], sample_rate: u32) -> Heard {
        match self.emissions(samples, sample_rate) {
            Some(emissions) => self.find(words, &emissions),
            None => Heard::NotJudged,
        }
    }

    /// The probabilities of the sounds in mono samples.
    pub fn emissions(&self, samples: &[f32], sample_rate: u32) -> Option<Emissions> {
        let samples = resample::to_16_khz(samples, sample_rate)?;
        self.engine.emissions(&samples)
    }

    /// Listens for the words of a sentence in what the engine heard.
    pub fn find(&self, words: &[&str], emissions: &Emissions) -> Heard {
        let pronunciations: Vec<_> = words
            .iter()
            .map(|word| self.lexicon.pronunciations(word))
            .collect();
        // Words that are not in the lexicon are spoken somewhere between the others: blanks.
        let known: Vec<_> = pronunciations
            .iter()
            .filter(|known| !known.is_empty())
            .cloned()
            .collect();
        if known.is_empty() {
            return Heard::NotJudged;
        }
        if Network::fewest_sounds(&known) > emissions.frames() {
            return Heard::TooShort;
        }
        let network = Network::new(&known);
        if network.state_count() * emissions.frames() > MAX_CELLS {
            return Heard::NotJudged;
        }
        let Some(alignment) = align(emissions, &network) else {
            return Heard::TooShort;
        };
        let likelihoods = likelihoods(emissions, &network);
        let mut found = alignment.into_iter().zip(likelihoods.without);
        let heard = pronunciations.iter().map(|known| {
            let aligned = match known.is_empty() {
                true => None,
                false => found.next(),
            };
            match aligned {
                Some((sounds, without)) => HeardWord {
                    evidence: Some(Evidence::new(
                        emissions,
                        &sounds,
                        likelihoods.complete,
                        without,
                    )),
                    sounds,
                },
                None => HeardWord {
                    evidence: None,
                    sounds: Vec::new(),
                },
            }
        });
        Heard::Words(heard.collect())
    }
}
