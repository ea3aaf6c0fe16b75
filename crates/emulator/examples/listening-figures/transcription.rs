//! Transcripts: the words of the dictionary that are nearest to the most probable sounds.
//!
//! The emulator does not offer them, because of the word error rate that is measured here.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;

use emulator::listen::emissions::{Emissions, Label};
use emulator::listen::phones::Phone;

/// The cost of each word, in sounds. Without it, everything becomes a row of short words.
const WORD_COST: usize = 1;
/// The longest stretch in which one word is looked for.
const MAX_SOUNDS: usize = 12;

/// The words of a dictionary by the number of their sounds.
pub struct Vocabulary {
    by_length: HashMap<usize, Vec<(Vec<Phone>, String)>>,
}

impl Vocabulary {
    /// Reads the dictionary in the engine's folder.
    pub fn read(folder: &Path) -> io::Result<Vocabulary> {
        let text = fs::read(folder.join("cmudict.txt"))?;
        let text = String::from_utf8_lossy(&text);
        let mut by_length: HashMap<usize, Vec<_>> = HashMap::new();
        for line in text.lines() {
            let mut fields = line.split_whitespace();
            let Some(entry) = fields.next() else { continue };
            let word = entry.split('(').next().unwrap_or(entry).to_owned();
            let sounds: Result<Vec<Phone>, ()> = fields.map(str::parse).collect();
            if let Ok(sounds) = sounds {
                by_length
                    .entry(sounds.len())
                    .or_default()
                    .push((sounds, word));
            }
        }
        Ok(Vocabulary { by_length })
    }

    /// The words that together are nearest to what was heard.
    pub fn transcribe(&self, emissions: &Emissions) -> Vec<&str> {
        let sounds = greedy(emissions);
        // The cost of the best words for the first sounds, and the last of them with its beginning.
        let mut best: Vec<(usize, Option<(usize, &str)>)> = vec![(0, None)];
        for end in 1..=sounds.len() {
            let starts = end.saturating_sub(MAX_SOUNDS)..end;
            let found = starts.map(|start| {
                let (distance, word) = self.nearest(&sounds[start..end]);
                (best[start].0 + distance + WORD_COST, Some((start, word)))
            });
            best.push(found.min_by_key(|(cost, _)| *cost).unwrap_or_default());
        }
        let mut words = Vec::new();
        let mut end = sounds.len();
        while let Some((start, word)) = best[end].1 {
            words.push(word);
            end = start;
        }
        words.reverse();
        words
    }

    fn nearest(&self, sounds: &[Phone]) -> (usize, &str) {
        let lengths = sounds.len().saturating_sub(1)..=sounds.len() + 1;
        let words = lengths
            .filter_map(|length| self.by_length.get(&length))
            .flatten();
        let mut nearest = (usize::MAX, "");
        for (pronunciation, word) in words {
            let distance = edit_distance(pronunciation, sounds);
            if distance < nearest.0 {
                nearest = (distance, word);
            }
        }
        // Longer than any word by more than one sound.
        if nearest.0 == usize::MAX {
            (sounds.len(), "")
        } else {
            nearest
        }
    }
}

/// The most probable label of each frame; repetitions are one, blanks are none.
fn greedy(emissions: &Emissions) -> Vec<Phone> {
    let labels = || std::iter::once(Label::Blank).chain(Phone::all().map(Label::Sound));
    let mut path: Vec<Label> = (0..emissions.frames())
        .filter_map(|frame| {
            let probability = |label: &Label| emissions.log_probability(frame, *label);
            labels().max_by(|a, b| probability(a).total_cmp(&probability(b)))
        })
        .collect();
    path.dedup();
    path.into_iter()
        .filter_map(|label| match label {
            Label::Blank => None,
            Label::Sound(phone) => Some(phone),
        })
        .collect()
}

/// How many insertions, deletions and replacements lead from `a` to `b`.
pub fn edit_distance<T: PartialEq>(a: &[T], b: &[T]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
