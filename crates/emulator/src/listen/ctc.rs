//! How probable a recording is, given a sentence: Connectionist Temporal Classification (Graves
//! et al. 2006, <https://www.cs.toronto.edu/~graves/icml_2006.pdf>), over a [`Network`].
//!
//! With y(t, l) as the probability of label l in frame t of T, and l(s) as the label of state s:
//!
//! ```text
//! α(t, s) = y(t, l(s)) · Σ { α(t−1, p) : p precedes s }    frames up to t, the last of them in s
//! β(t, s) = Σ { y(t+1, l(n)) · β(t+1, n) : s precedes n }  frames after t, with frame t in s
//! P(audio | sentence) = Σ { α(T−1, s) : s may be last }
//! ```
//!
//! Where a word has several pronunciations, P is the sum over all choices of one for each word.
//!
//! *P of the sentence without word w* takes no further pass. A path through that sentence leaves
//! the words before w at some frame t, from a state e, and is in the first sound n of the word
//! after w in the next frame:
//!
//! ```text
//! P(audio | sentence without w) = Σ { α(t, e) · y(t+1, l(n)) · β(t+1, n) : 0 ≤ t < T−1,
//!                                     e exits word w−1, n starts word w+1, l(e) ≠ l(n) }
//! ```
//!
//! If w is the last word, P = Σ { α(T−1, e) : e exits word w−1 }. If w is the first, the path may
//! also begin with n in frame 0. So all words together cost one pass forward and one backward.
//! Everything is computed with logarithms, because P underflows after some seconds.

use super::emissions::Emissions;
use super::network::{Network, StateId};

/// ln(eᵃ + eᵇ).
pub fn log_add(a: f64, b: f64) -> f64 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    let difference = low - high;
    // Below, the sum is `high` to the last bit. Also true of -∞, and of -∞ less -∞, which is NaN.
    if difference > -37.0 {
        high + difference.exp().ln_1p()
    } else {
        high
    }
}

/// Logarithms of P(audio | sentence) and of P(audio | sentence without a word), for each word.
#[derive(Debug)]
pub struct Likelihoods {
    /// With all words.
    pub complete: f64,
    /// Without one word, for each word in turn.
    pub without: Vec<f64>,
}

/// Computes the likelihoods of a sentence. There is at least one frame.
pub fn likelihoods(emissions: &Emissions, network: &Network) -> Likelihoods {
    let exits = Exits::new(emissions, network);
    let last_frame = emissions.frames() - 1;
    let sum = |words: usize| {
        network
            .exits(words)
            .map(|state| exits.alpha(last_frame, state))
            .fold(f64::NEG_INFINITY, log_add)
    };
    let words = network.words();
    let mut without = vec![f64::NEG_INFINITY; words.len()];
    if let Some(last) = without.last_mut() {
        *last = sum(words.len() - 1);
    }
    // y(t, l(s)) · β(t, s), of the frame after the one that is computed, then of that one.
    let mut next = vec![f64::NEG_INFINITY; network.state_count()];
    for state in network.last_states() {
        next[state as usize] = emissions.log_probability(last_frame, network.label(state));
    }
    let mut beta = vec![f64::NEG_INFINITY; network.state_count()];
    for frame in (0..last_frame).rev() {
        for (word, sum) in without.iter_mut().enumerate() {
            let Some(after) = words.get(word + 1) else {
                continue;
            };
            for exit in network.exits(word) {
                let alpha = exits.alpha(frame, exit);
                for &start in &after.starts {
                    if network.may_follow(exit, start) {
                        *sum = log_add(*sum, alpha + next[start as usize]);
                    }
                }
            }
        }
        beta.fill(f64::NEG_INFINITY);
        for state in network.states() {
            let term = next[state as usize];
            for &predecessor in network.predecessors(state) {
                let sum = &mut beta[predecessor as usize];
                *sum = log_add(*sum, term);
            }
        }
        for state in network.states() {
            let emission = emissions.log_probability(frame, network.label(state));
            next[state as usize] = emission + beta[state as usize];
        }
    }
    // `next` is now of frame 0, in which the second word may begin if there is no first.
    if let (Some(sum), Some(second)) = (without.first_mut(), words.get(1)) {
        for &start in &second.starts {
            *sum = log_add(*sum, next[start as usize]);
        }
    }
    Likelihoods {
        complete: sum(words.len()),
        without,
    }
}

/// ln α of the states in which a word ends, for all frames: the others are needed for one frame
/// only.
struct Exits {
    /// The place of each state among those that are stored.
    places: Vec<Option<u32>>,
    stored: usize,
    alphas: Vec<f64>,
}

impl Exits {
    fn new(emissions: &Emissions, network: &Network) -> Exits {
        let mut places = vec![None; network.state_count()];
        let mut stored = 0;
        for words in 0..=network.words().len() {
            for state in network.exits(words) {
                places[state as usize] = Some(stored as u32);
                stored += 1;
            }
        }
        let mut exits = Exits {
            places,
            stored,
            alphas: vec![f64::NEG_INFINITY; stored * emissions.frames()],
        };
        let mut before = vec![f64::NEG_INFINITY; network.state_count()];
        let mut alpha = before.clone();
        for frame in 0..emissions.frames() {
            alpha.fill(f64::NEG_INFINITY);
            if frame == 0 {
                for state in network.first_states() {
                    alpha[state as usize] = emissions.log_probability(0, network.label(state));
                }
            } else {
                for state in network.states() {
                    let sum = network
                        .predecessors(state)
                        .iter()
                        .map(|&predecessor| before[predecessor as usize])
                        .fold(f64::NEG_INFINITY, log_add);
                    alpha[state as usize] =
                        sum + emissions.log_probability(frame, network.label(state));
                }
            }
            let row = &mut exits.alphas[frame * stored..][..stored];
            for (place, alpha) in exits.places.iter().zip(&alpha) {
                if let Some(place) = place {
                    row[*place as usize] = *alpha;
                }
            }
            std::mem::swap(&mut before, &mut alpha);
        }
        exits
    }

    fn alpha(&self, frame: usize, state: StateId) -> f64 {
        match self.places[state as usize] {
            Some(place) => self.alphas[frame * self.stored + place as usize],
            None => f64::NEG_INFINITY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::brute_force::{self, cases};
    use super::*;

    fn assert_close(computed: f64, expected: f64) {
        let is_close = computed == expected || (computed - expected).abs() < 1e-5;
        assert!(is_close, "{computed} is not {expected}");
    }

    #[test]
    fn likelihoods_equal_the_sum_over_all_paths() {
        for case in cases() {
            let computed = likelihoods(&case.emissions, &Network::new(&case.words));

            let complete = brute_force::log_likelihood(&case.emissions, &case.words);
            assert_close(computed.complete, complete);
            for (word, computed) in computed.without.iter().enumerate() {
                let mut words = case.words.clone();
                words.remove(word);
                let expected = brute_force::log_likelihood(&case.emissions, &words);
                assert_close(*computed, expected);
            }
        }
    }

    #[test]
    fn logarithms_of_zero_can_be_added() {
        let zero = f64::NEG_INFINITY;
        assert_eq!(log_add(zero, zero), zero);
        assert_eq!(log_add(zero, -3.0), -3.0);
        assert_eq!(log_add(-3.0, zero), -3.0);
        assert!((log_add(0.5_f64.ln(), 0.25_f64.ln()) - 0.75_f64.ln()).abs() < 1e-12);
    }
}
