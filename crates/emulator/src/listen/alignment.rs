//! When each sound was spoken: the most probable path through a [`Network`] (Viterbi 1967).
//!
//! ```text
//! δ(t, s) = y(t, l(s)) · max { δ(t−1, p) : p precedes s }
//! ```
//!
//! The path is read backward, from the best last state, by the predecessors that were the maxima.

use std::ops::Range;

use super::emissions::{Emissions, Label};
use super::network::{Network, StateId};
use super::phones::Phone;

/// A sound and the frames in which the engine found it.
#[derive(Debug, Clone, PartialEq)]
pub struct AlignedSound {
    /// The sound.
    pub phone: Phone,
    /// Its frames; there is at least one.
    pub frames: Range<usize>,
}

/// Aligns a sentence with a recording. Returns the sounds of each word, or `None` if the recording
/// has too few frames for the sentence. There is at least one frame.
pub fn align(emissions: &Emissions, network: &Network) -> Option<Vec<Vec<AlignedSound>>> {
    let path = best_path(emissions, network)?;
    let mut runs: Vec<(StateId, Range<usize>)> = Vec::new();
    for (frame, state) in path.into_iter().enumerate() {
        match runs.last_mut() {
            Some((last, frames)) if *last == state => frames.end = frame + 1,
            _ => runs.push((state, frame..frame + 1)),
        }
    }
    let words = network.words().iter().map(|word| {
        let of_word = runs.iter().filter(|(state, _)| word.states.contains(state));
        let sounds = of_word.filter_map(|(state, frames)| match network.label(*state) {
            Label::Blank => None,
            Label::Sound(phone) => Some(AlignedSound {
                phone,
                frames: frames.clone(),
            }),
        });
        sounds.collect()
    });
    Some(words.collect())
}

/// The state of each frame.
fn best_path(emissions: &Emissions, network: &Network) -> Option<Vec<StateId>> {
    let states = network.state_count();
    // For each frame and state, the place of the best among the state's predecessors.
    let mut choices = vec![0u8; emissions.frames() * states];
    let mut before = vec![f64::NEG_INFINITY; states];
    for state in network.first_states() {
        before[state as usize] = emissions.log_probability(0, network.label(state));
    }
    let mut delta = before.clone();
    for frame in 1..emissions.frames() {
        let row = &mut choices[frame * states..][..states];
        for state in network.states() {
            let mut best = (0, f64::NEG_INFINITY);
            for (place, &predecessor) in network.predecessors(state).iter().enumerate() {
                let candidate = before[predecessor as usize];
                if candidate > best.1 {
                    best = (place, candidate);
                }
            }
            row[state as usize] = best.0 as u8;
            delta[state as usize] = best.1 + emissions.log_probability(frame, network.label(state));
        }
        std::mem::swap(&mut before, &mut delta);
    }
    let last = network
        .last_states()
        .max_by(|a, b| before[*a as usize].total_cmp(&before[*b as usize]))?;
    if before[last as usize] == f64::NEG_INFINITY {
        return None;
    }
    let mut path = vec![last; emissions.frames()];
    for frame in (1..emissions.frames()).rev() {
        let state = path[frame];
        let place = choices[frame * states + state as usize];
        path[frame - 1] = network.predecessors(state)[usize::from(place)];
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::super::brute_force::{cases, collapsed, paths, readings};
    use super::*;

    #[test]
    fn the_alignment_is_the_most_probable_of_all_paths() {
        let mut aligned = 0;
        for case in cases() {
            let readings = readings(&case.words);
            let best = paths(&case.emissions)
                .into_iter()
                .filter(|(path, _)| readings.contains(&collapsed(path)))
                .max_by(|a, b| a.1.total_cmp(&b.1));
            let network = Network::new(&case.words);
            let alignment = align(&case.emissions, &network);

            let Some((best, _)) = best else {
                assert_eq!(alignment, None, "there is no path");
                continue;
            };
            let alignment = alignment.unwrap();
            let mut labels = vec![Label::Blank; case.emissions.frames()];
            for sound in alignment.iter().flatten() {
                labels[sound.frames.clone()].fill(Label::Sound(sound.phone));
            }
            assert_eq!(labels, best);
            assert!(alignment.iter().all(|word| !word.is_empty()));
            aligned += 1;
        }
        assert!(aligned > 20);
    }
}
