//! Probabilities of the sounds in each frame of audio.

use std::ops::Range;

use super::phones::{PHONE_COUNT, Phone};

/// The length of a frame, in seconds.
pub const FRAME_SECONDS: f64 = 0.02;

/// The column of the blank: no sound begins or goes on here.
const BLANK: usize = 0;
const COLUMNS: usize = PHONE_COUNT + 1;

/// Natural logarithms of the probability of the blank and of each sound, frame by frame.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Emissions {
    log_probabilities: Vec<[f32; COLUMNS]>,
}

/// The output of a state of a network: no sound, or one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// No sound.
    Blank,
    /// This sound.
    Sound(Phone),
}

impl Emissions {
    /// Adds up the engine's symbols. `columns` holds the engine's columns of each of these.
    pub fn from_symbols(log_probabilities: &[f32], symbols: usize, columns: &Columns) -> Self {
        let frames = log_probabilities.chunks_exact(symbols).map(|frame| {
            let mut sums = [f32::NEG_INFINITY; COLUMNS];
            for (sum, sources) in sums.iter_mut().zip(&columns.0) {
                *sum = sources
                    .iter()
                    .fold(*sum, |sum, &source| log_add_f32(sum, frame[source]));
            }
            sums
        });
        Emissions {
            log_probabilities: frames.collect(),
        }
    }

    /// Adds those of the frames in `range` that `other` has.
    pub fn append(&mut self, other: &Emissions, range: Range<usize>) {
        let end = range.end.min(other.frames());
        let frames = other.log_probabilities.get(range.start..end);
        self.log_probabilities.extend(frames.into_iter().flatten());
    }

    /// How many frames there are.
    pub fn frames(&self) -> usize {
        self.log_probabilities.len()
    }

    /// The log-probability of `label` in `frame`.
    pub fn log_probability(&self, frame: usize, label: Label) -> f64 {
        let column = match label {
            Label::Blank => BLANK,
            Label::Sound(phone) => phone.index() + 1,
        };
        f64::from(self.log_probabilities[frame][column])
    }
}

/// The engine's columns that are added up: for the blank, then for each sound.
#[derive(Debug, Clone)]
pub struct Columns(Vec<Vec<usize>>);

impl Columns {
    /// Finds the columns by `column_of`; `None` if a symbol is missing.
    ///
    /// The engine marks the end of a word by a symbol of its own. Where a sentence is known, that
    /// mark says as little as the blank, so both are one.
    pub fn find(column_of: impl Fn(&str) -> Option<usize>) -> Option<Columns> {
        let blanks = vec![column_of("<blank>")?, column_of("<wb>")?];
        let sounds = Phone::all().map(|phone| {
            let columns = phone.symbols().iter().map(|symbol| column_of(symbol));
            columns.collect::<Option<Vec<_>>>()
        });
        let columns: Option<Vec<_>> = std::iter::once(Some(blanks)).chain(sounds).collect();
        columns.map(Columns)
    }
}

fn log_add_f32(a: f32, b: f32) -> f32 {
    super::ctc::log_add(f64::from(a), f64::from(b)) as f32
}

#[cfg(test)]
impl Emissions {
    /// Frames in which each sound that is not named has the probability zero.
    pub fn of_probabilities(frames: &[&[(Label, f64)]]) -> Self {
        let log_probabilities = frames.iter().map(|frame| {
            let mut columns = [f32::NEG_INFINITY; COLUMNS];
            for (label, probability) in *frame {
                let column = match label {
                    Label::Blank => BLANK,
                    Label::Sound(phone) => phone.index() + 1,
                };
                columns[column] = probability.ln() as f32;
            }
            columns
        });
        Emissions {
            log_probabilities: log_probabilities.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alike_symbols_are_added_up() {
        let names: Vec<&str> = Phone::all()
            .flat_map(Phone::symbols)
            .copied()
            .chain(["<wb>", "<blank>", "other"])
            .collect();
        let column = |name: &str| names.iter().position(|known| *known == name);
        let columns = Columns::find(column).unwrap();

        let mut frame = vec![f32::NEG_INFINITY; names.len()];
        for (name, probability) in [
            ("o", 0.25),
            ("oʊ", 0.5),
            ("<wb>", 0.125),
            ("<blank>", 0.0625),
        ] {
            frame[column(name).unwrap()] = f32::ln(probability);
        }
        let emissions = Emissions::from_symbols(&frame, names.len(), &columns);

        let probability = |label| emissions.log_probability(0, label).exp();
        let ow = Label::Sound("OW".parse().unwrap());
        assert!((probability(ow) - 0.75).abs() < 1e-6);
        assert!((probability(Label::Blank) - 0.1875).abs() < 1e-6);
        assert_eq!(probability(Label::Sound("M".parse().unwrap())), 0.0);
    }

    #[test]
    fn an_engine_that_lacks_a_symbol_is_not_used() {
        assert!(Columns::find(|name| (name != "θ").then_some(0)).is_none());
    }
}
