//! The sounds of English as the lexicon writes them, and the engine's symbols for each.

use std::str::FromStr;

/// A sound of CMUdict's alphabet (ARPAbet), without its stress: an index of [`PHONES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(u8);

/// How many sounds there are.
pub const PHONE_COUNT: usize = PHONES.len();

/// Each sound's name and the engine's symbols for it.
///
/// The engine writes one English sound in several ways, because it was trained on several
/// languages: `o` beside `oʊ`, `g` (U+0067) beside `ɡ` (U+0261). The probabilities of such
/// look-alikes are added up. A symbol belongs to one sound only.
const PHONES: [(&str, &[&str]); 39] = [
    ("AA", &["ɑ", "ɒ", "a"]),
    ("AE", &["æ"]),
    ("AH", &["ə", "ʌ", "ɐ"]),
    ("AO", &["ɔ"]),
    ("AW", &["aʊ"]),
    ("AY", &["aɪ"]),
    ("B", &["b"]),
    ("CH", &["t͡ʃ"]),
    ("D", &["d"]),
    ("DH", &["ð"]),
    ("EH", &["ɛ"]),
    ("ER", &["ɝ", "ɚ", "ɜ"]),
    ("EY", &["eɪ", "e"]),
    ("F", &["f"]),
    ("G", &["ɡ", "g"]),
    ("HH", &["h"]),
    ("IH", &["ɪ"]),
    ("IY", &["i"]),
    ("JH", &["d͡ʒ"]),
    ("K", &["k"]),
    ("L", &["l", "ɫ"]),
    ("M", &["m"]),
    ("N", &["n"]),
    ("NG", &["ŋ"]),
    ("OW", &["oʊ", "o"]),
    ("OY", &["ɔɪ"]),
    ("P", &["p"]),
    ("R", &["ɹ", "r"]),
    ("S", &["s"]),
    ("SH", &["ʃ"]),
    ("T", &["t"]),
    ("TH", &["θ"]),
    ("UH", &["ʊ"]),
    ("UW", &["u"]),
    ("V", &["v"]),
    ("W", &["w"]),
    ("Y", &["j"]),
    ("Z", &["z"]),
    ("ZH", &["ʒ"]),
];

impl Phone {
    /// All sounds, in the order of their indices.
    pub fn all() -> impl Iterator<Item = Phone> {
        (0..PHONE_COUNT as u8).map(Phone)
    }

    /// The position among [`Phone::all`].
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The engine's symbols for this sound.
    pub fn symbols(self) -> &'static [&'static str] {
        PHONES[self.index()].1
    }
}

impl FromStr for Phone {
    type Err = ();

    /// Reads a sound with or without its stress: `AH0`, `K`.
    fn from_str(name: &str) -> Result<Phone, ()> {
        let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let index = PHONES.iter().position(|(known, _)| *known == name);
        index.map(|index| Phone(index as u8)).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_symbol_belongs_to_two_sounds() {
        let symbols: Vec<_> = Phone::all().flat_map(Phone::symbols).collect();
        let different: HashSet<_> = symbols.iter().collect();
        assert_eq!(symbols.len(), different.len());
    }

    #[test]
    fn a_sound_is_read_with_and_without_its_stress() {
        assert_eq!("AH0".parse::<Phone>(), "AH".parse());
        assert!("K".parse::<Phone>().is_ok());
        assert!("Q".parse::<Phone>().is_err());
        assert!("".parse::<Phone>().is_err());
    }
}
