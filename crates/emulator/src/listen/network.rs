//! The states through which a sentence can be spoken.
//!
//! CTC lets a sound last for several frames, and puts blanks anywhere between sounds. Two equal
//! sounds in a row need a blank between them. A word with several pronunciations has one branch
//! for each, and all branches meet in the blank after the word:
//!
//! ```text
//!            ┌─ DH ─ blank ─ AH ─┐
//!   blank 0 ─┤                   ├─ blank 1 ─ …
//!            └─ DH ─ blank ─ IY ─┘
//! ```

use std::ops::Range;

use super::emissions::Label;
use super::phones::Phone;

/// The pronunciations of a word; none is empty.
pub type Pronunciations = Vec<Vec<Phone>>;

/// An index of a [`Network`]'s states.
pub type StateId = u32;

/// A sentence as states and the transitions between them. A state's predecessors come before it,
/// or are the state itself.
#[derive(Debug)]
pub struct Network {
    labels: Vec<Label>,
    predecessors: Vec<StateId>,
    /// The end of each state's predecessors in `predecessors`.
    predecessor_ends: Vec<u32>,
    words: Vec<WordStates>,
    /// The blank before each word, and the one after the last.
    blanks: Vec<StateId>,
}

/// The states of one word.
#[derive(Debug)]
pub struct WordStates {
    /// The first sound of each pronunciation.
    pub starts: Vec<StateId>,
    /// The last sound of each pronunciation.
    pub ends: Vec<StateId>,
    /// All states of the word, in the order of its pronunciations.
    pub states: Range<StateId>,
}

impl Network {
    /// Builds the network of a sentence.
    pub fn new(words: &[Pronunciations]) -> Network {
        let mut network = Network {
            labels: Vec::new(),
            predecessors: Vec::new(),
            predecessor_ends: Vec::new(),
            words: Vec::new(),
            blanks: Vec::new(),
        };
        let first = network.add(Label::Blank, &[]);
        network.blanks.push(first);
        for pronunciations in words {
            network.add_word(pronunciations);
        }
        network
    }

    fn add_word(&mut self, pronunciations: &Pronunciations) {
        let before = self.blanks[self.words.len()];
        let previous_ends = self
            .words
            .last()
            .map_or(Vec::new(), |word| word.ends.clone());
        let first_state = self.labels.len() as StateId;
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        for pronunciation in pronunciations {
            let mut blank = before;
            let mut sounds = previous_ends.clone();
            for (index, phone) in pronunciation.iter().enumerate() {
                if index > 0 {
                    blank = self.add(Label::Blank, &sounds);
                }
                let label = Label::Sound(*phone);
                // Without a blank between them, two equal sounds would be one.
                let mut predecessors = vec![blank];
                predecessors.extend(
                    sounds
                        .iter()
                        .filter(|sound| self.labels[**sound as usize] != label),
                );
                let state = self.add(label, &predecessors);
                if index == 0 {
                    starts.push(state);
                }
                sounds = vec![state];
            }
            ends.extend(sounds);
        }
        let states = first_state..self.labels.len() as StateId;
        let after = self.add(Label::Blank, &ends);
        self.blanks.push(after);
        self.words.push(WordStates {
            starts,
            ends,
            states,
        });
    }

    /// Adds a state that can last, after `predecessors`.
    fn add(&mut self, label: Label, predecessors: &[StateId]) -> StateId {
        let state = self.labels.len() as StateId;
        self.labels.push(label);
        self.predecessors.push(state);
        self.predecessors.extend_from_slice(predecessors);
        self.predecessor_ends.push(self.predecessors.len() as u32);
        state
    }

    /// How many states there are.
    pub fn state_count(&self) -> usize {
        self.labels.len()
    }

    /// Returns the output of `state`.
    pub fn label(&self, state: StateId) -> Label {
        self.labels[state as usize]
    }

    /// The states from which a step leads to `state`, `state` itself first.
    pub fn predecessors(&self, state: StateId) -> &[StateId] {
        let start = match state {
            0 => 0,
            _ => self.predecessor_ends[state as usize - 1],
        };
        &self.predecessors[start as usize..self.predecessor_ends[state as usize] as usize]
    }

    /// All states, in an order in which predecessors come first.
    pub fn states(&self) -> Range<StateId> {
        0..self.labels.len() as StateId
    }

    /// The states of each word.
    pub fn words(&self) -> &[WordStates] {
        &self.words
    }

    /// The states in which the first `words` words may be over: their last sounds and the blank
    /// after them.
    pub fn exits(&self, words: usize) -> impl Iterator<Item = StateId> {
        let ends = match words {
            0 => &[][..],
            _ => &self.words[words - 1].ends,
        };
        std::iter::once(self.blanks[words]).chain(ends.iter().copied())
    }

    /// The states in which the first frame may be.
    pub fn first_states(&self) -> impl Iterator<Item = StateId> {
        let starts = self.words.first().map_or(&[][..], |word| &word.starts);
        std::iter::once(self.blanks[0]).chain(starts.iter().copied())
    }

    /// The states in which the last frame may be.
    pub fn last_states(&self) -> impl Iterator<Item = StateId> {
        self.exits(self.words.len())
    }

    /// Whether `sound` may follow `state` at once, for states that no transition joins.
    pub fn may_follow(&self, state: StateId, sound: StateId) -> bool {
        self.label(state) != self.label(sound)
    }

    /// The sounds of the shortest way through the sentence.
    pub fn fewest_sounds(words: &[Pronunciations]) -> usize {
        let shortest = |word: &Pronunciations| word.iter().map(Vec::len).min().unwrap_or(0);
        words.iter().map(shortest).sum()
    }
}
