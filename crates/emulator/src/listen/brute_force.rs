//! Sums over every path there is, to test the arithmetic on small cases.

use super::emissions::{Emissions, Label};
use super::network::Pronunciations;
use super::phones::Phone;

/// A short recording and a sentence.
pub struct Case {
    pub emissions: Emissions,
    pub words: Vec<Pronunciations>,
}

fn phones(names: &str) -> Vec<Phone> {
    names.split(' ').map(|name| name.parse().unwrap()).collect()
}

fn labels() -> [Label; 4] {
    let sound = |name: &str| Label::Sound(name.parse().unwrap());
    [Label::Blank, sound("K"), sound("AE"), sound("T")]
}

/// Sentences of one to three words: equal sounds in a row, across words too, and several
/// pronunciations. Each with recordings from too short to roomy.
pub fn cases() -> Vec<Case> {
    const SENTENCES: &[&[&[&str]]] = &[
        &[&["K"]],
        &[&["K AE T"]],
        &[&["K"], &["K"]],
        &[&["K AE"], &["AE T"]],
        &[&["K K"], &["T", "AE T"]],
        &[&["K", "AE"], &["K", "T"], &["AE"]],
        &[&["T"], &["T"], &["T"]],
    ];
    let mut cases = Vec::new();
    for (number, sentence) in SENTENCES.iter().enumerate() {
        for frames in 1..=6 {
            let words = sentence
                .iter()
                .map(|word| word.iter().map(|names| phones(names)).collect())
                .collect();
            cases.push(Case {
                emissions: emissions(frames, number as u32 + 1),
                words,
            });
        }
    }
    cases
}

/// Probabilities that differ from frame to frame, the same at every run.
fn emissions(frames: usize, mut seed: u32) -> Emissions {
    let rows: Vec<Vec<(Label, f64)>> = (0..frames)
        .map(|_| {
            let weights = labels().map(|label| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (label, f64::from(seed >> 16) + 1.0)
            });
            let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
            weights
                .map(|(label, weight)| (label, weight / sum))
                .to_vec()
        })
        .collect();
    let rows: Vec<&[_]> = rows.iter().map(Vec::as_slice).collect();
    Emissions::of_probabilities(&rows)
}

/// Every sequence of labels, one a frame, with its log-probability.
pub fn paths(emissions: &Emissions) -> Vec<(Vec<Label>, f64)> {
    let mut paths = vec![(Vec::new(), 0.0)];
    for frame in 0..emissions.frames() {
        paths = paths
            .iter()
            .flat_map(|(path, sum)| {
                labels().map(|label| {
                    let mut path: Vec<Label> = path.clone();
                    path.push(label);
                    (path, sum + emissions.log_probability(frame, label))
                })
            })
            .collect();
    }
    paths
}

/// The sounds of a path: repetitions are one, blanks are none.
pub fn collapsed(path: &[Label]) -> Vec<Phone> {
    let mut path = path.to_vec();
    path.dedup();
    path.into_iter()
        .filter_map(|label| match label {
            Label::Blank => None,
            Label::Sound(phone) => Some(phone),
        })
        .collect()
}

/// Every choice of one pronunciation for each word, as one row of sounds.
pub fn readings(words: &[Pronunciations]) -> Vec<Vec<Phone>> {
    words.iter().fold(vec![Vec::new()], |readings, word| {
        let longer = |reading: &Vec<Phone>| -> Vec<Vec<Phone>> {
            let extended = word.iter().map(|sounds| [&reading[..], sounds].concat());
            extended.collect()
        };
        readings.iter().flat_map(longer).collect()
    })
}

/// ln P(audio | sentence), by its definition.
pub fn log_likelihood(emissions: &Emissions, words: &[Pronunciations]) -> f64 {
    let paths = paths(emissions);
    let probability: f64 = readings(words)
        .iter()
        .flat_map(|reading| {
            let spoken = paths
                .iter()
                .filter(move |(path, _)| collapsed(path) == *reading);
            spoken.map(|(_, log_probability)| log_probability.exp())
        })
        .sum();
    probability.ln()
}
