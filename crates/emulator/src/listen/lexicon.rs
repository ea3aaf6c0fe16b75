//! How English words are pronounced, by the Carnegie Mellon Pronouncing Dictionary.

use std::collections::HashMap;

use super::network::Pronunciations;
use super::phones::Phone;

/// No word has more pronunciations than this. CMUdict has five at most.
const MAX_PRONUNCIATIONS: usize = 8;

/// Longer words are not looked up, compounds included. CMUdict's longest has 34 letters.
const MAX_WORD_BYTES: usize = 100;

/// Words and their pronunciations.
#[derive(Debug)]
pub struct Lexicon {
    words: HashMap<String, Pronunciations>,
}

impl Lexicon {
    /// Reads lines of the form `READ(1)  R IY1 D`. Lines of another form are skipped.
    pub fn parse(text: &str) -> Lexicon {
        let mut lexicon = Lexicon {
            words: HashMap::new(),
        };
        lexicon.add(text);
        lexicon
    }

    /// Adds the pronunciations in lines of the same form.
    pub fn add(&mut self, text: &str) {
        for line in text.lines() {
            let mut fields = line.split_ascii_whitespace();
            let Some(entry) = fields.next() else { continue };
            let word = entry.split('(').next().unwrap_or(entry);
            let sounds: Result<Vec<Phone>, ()> = fields.map(str::parse).collect();
            let Ok(sounds) = sounds else { continue };
            let known = self.words.entry(word.to_ascii_uppercase()).or_default();
            let is_new = !sounds.is_empty() && !known.contains(&sounds);
            if is_new && known.len() < MAX_PRONUNCIATIONS {
                known.push(sounds);
            }
        }
        self.words
            .retain(|_, pronunciations| !pronunciations.is_empty());
    }

    /// The pronunciations of a word of a text; empty if they are not known.
    pub fn pronunciations(&self, word: &str) -> Pronunciations {
        if word.len() > MAX_WORD_BYTES {
            return Vec::new();
        }
        let word = word.replace(['’', '‘', 'ʼ'], "'").to_ascii_uppercase();
        self.of_entry(&word)
            .or_else(|| self.of_entry(word.trim_matches('\'')))
            .or_else(|| self.of_possessive(&word))
            .or_else(|| self.of_compound(&word))
            .unwrap_or_default()
    }

    fn of_entry(&self, word: &str) -> Option<Pronunciations> {
        self.words.get(word).cloned()
    }

    /// `Nora's`, from `Nora`.
    fn of_possessive(&self, word: &str) -> Option<Pronunciations> {
        let mut pronunciations = self.of_entry(word.strip_suffix("'S")?)?;
        for sounds in &mut pronunciations {
            sounds.extend(possessive_ending(sounds.last()?.symbols()));
        }
        Some(pronunciations)
    }

    /// `twenty-one`, from its parts, of which all must be known.
    fn of_compound(&self, word: &str) -> Option<Pronunciations> {
        if !word.contains(['-', '–']) {
            return None;
        }
        let parts = word.split(['-', '–']).filter(|part| !part.is_empty());
        let mut whole: Pronunciations = vec![Vec::new()];
        for part in parts {
            let part = self.of_entry(part)?;
            let longer = whole.iter().flat_map(|start| {
                let ends = part.iter();
                ends.map(move |end| [&start[..], end].concat())
            });
            whole = longer.take(MAX_PRONUNCIATIONS).collect();
        }
        Some(whole).filter(|whole| whole.iter().all(|sounds| !sounds.is_empty()))
    }
}

/// `'s` after a sound with these symbols: `kiss's`, `cat's`, `dog's`.
fn possessive_ending(symbols: &[&str]) -> Vec<Phone> {
    let names: &[&str] = match symbols[0] {
        "s" | "z" | "ʃ" | "ʒ" | "t͡ʃ" | "d͡ʒ" => &["IH", "Z"],
        "p" | "t" | "k" | "f" | "θ" => &["S"],
        _ => &["Z"],
    };
    names.iter().filter_map(|name| name.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
;;; # a comment
READ  R EH1 D
READ(1)  R IY1 D
CAT  K AE1 T
KISS  K IH1 S
I'M  AY1 M
TWENTY  T W EH1 N T IY0
TWENTY(1)  T W EH1 N IY0
ONE  W AH1 N
BROKEN  Q Q
EMPTY
";

    fn spoken(word: &str) -> Vec<String> {
        let lexicon = Lexicon::parse(TEXT);
        let names = |sounds: &Vec<Phone>| -> String {
            sounds.iter().map(|phone| phone.symbols()[0]).collect()
        };
        lexicon.pronunciations(word).iter().map(names).collect()
    }

    #[test]
    fn a_word_has_all_its_pronunciations_in_either_case() {
        assert_eq!(spoken("read"), ["ɹɛd", "ɹid"]);
        assert_eq!(spoken("Read"), spoken("READ"));
    }

    #[test]
    fn apostrophes_of_every_form_are_understood() {
        assert_eq!(spoken("I’m"), ["aɪm"]);
        assert_eq!(spoken("'cat'"), ["kæt"]);
        assert_eq!(spoken("cat's"), ["kæts"]);
        assert_eq!(spoken("one’s"), ["wənz"]);
        assert_eq!(spoken("kiss's"), ["kɪsɪz"]);
    }

    #[test]
    fn a_compound_is_pronounced_as_its_parts() {
        assert_eq!(spoken("twenty-one"), ["twɛntiwən", "twɛniwən"]);
        assert!(spoken("twenty-first").is_empty());
        assert!(spoken("-").is_empty());
    }

    #[test]
    fn words_numbers_and_scripts_that_are_not_known_have_no_pronunciation() {
        for word in ["Layla", "3", "안녕", "broken", "empty", "", "'", "'s"] {
            assert!(spoken(word).is_empty(), "{word}");
        }
    }
}
