//! Syllables and sounds of an English word by its spelling alone: plausible, and wrong where the
//! spelling is irregular (the `t` of "castle"). Without an engine, the emulator has no dictionary.
//!
//! A word is read from left to right as graphemes: letters that stand for one sound. Each vowel is
//! the nucleus of a syllable. Of the consonants between two vowels, the last one begins the second
//! syllable.

/// Letters that stand for one sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grapheme {
    /// The letters, as they are in the text.
    pub letters: String,
    /// The sound in the International Phonetic Alphabet; empty for silent letters.
    pub sound: &'static str,
    /// Whether the sound is the nucleus of a syllable.
    pub is_vowel: bool,
}

/// A syllable, as graphemes.
pub type Syllable = Vec<Grapheme>;

/// Vowels of several letters. A vowel comes before those that it begins with.
const VOWELS: [(&str, &str); 23] = [
    ("eigh", "eɪ"),
    ("eau", "u"),
    ("igh", "aɪ"),
    ("ai", "eɪ"),
    ("au", "ɔ"),
    ("aw", "ɔ"),
    ("ay", "eɪ"),
    ("ea", "i"),
    ("ee", "i"),
    ("ei", "eɪ"),
    ("ew", "u"),
    ("ey", "i"),
    ("ie", "i"),
    ("oa", "oʊ"),
    ("oi", "ɔɪ"),
    ("oo", "u"),
    ("ou", "aʊ"),
    ("ow", "oʊ"),
    ("oy", "ɔɪ"),
    ("ue", "u"),
    ("er", "ɝ"),
    ("ir", "ɝ"),
    ("ur", "ɝ"),
];

/// Consonants of several letters. A consonant comes before those that it begins with.
const CONSONANTS: [(&str, &str); 13] = [
    ("tch", "t͡ʃ"),
    ("ch", "t͡ʃ"),
    ("ck", "k"),
    ("dg", "d͡ʒ"),
    ("gh", ""),
    ("kn", "n"),
    ("ng", "ŋ"),
    ("ph", "f"),
    ("qu", "kw"),
    ("sh", "ʃ"),
    ("th", "θ"),
    ("wh", "w"),
    ("wr", "ɹ"),
];

/// Returns the syllables of a word. A word with other characters than Latin letters, such as a
/// number, is one syllable without sounds.
pub fn syllables(word: &str) -> Vec<Syllable> {
    let parts = word.split(['-', '–']).filter(|part| !part.is_empty());
    let syllables = parts.flat_map(|part| match part.chars().all(is_readable) {
        true => divide(graphemes(part)),
        false => vec![vec![Grapheme {
            letters: part.to_owned(),
            sound: "",
            is_vowel: false,
        }]],
    });
    syllables.collect()
}

fn is_readable(c: char) -> bool {
    c.is_ascii_alphabetic() || is_apostrophe(c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

fn is_vowel_letter(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// Divides a word of letters and apostrophes.
fn graphemes(word: &str) -> Vec<Grapheme> {
    let letters: Vec<char> = word.chars().collect();
    let lower: String = word.to_ascii_lowercase();
    let lower: Vec<char> = lower.chars().collect();
    let mut graphemes = Vec::new();
    let mut at = 0;
    while at < lower.len() {
        let (length, sound, is_vowel) = read(&lower, at);
        graphemes.push(Grapheme {
            letters: letters[at..at + length].iter().collect(),
            sound,
            is_vowel,
        });
        at += length;
    }
    graphemes
}

/// Returns the number of letters of the grapheme at `at`, its sound, and whether it is a vowel.
fn read(word: &[char], at: usize) -> (usize, &'static str, bool) {
    let rest = &word[at..];
    let starts_with = |letters: &str| letters.chars().eq(rest.iter().copied().take(letters.len()));
    let begins_before_vowel = |length: usize| rest.get(length).is_some_and(|c| is_vowel_letter(*c));
    let has_vowel_before = word[..at].iter().any(|c| is_vowel_letter(*c));
    let is_after_consonant = at > 0 && !is_vowel_letter(word[at - 1]);
    if rest == ['l', 'e'] && is_after_consonant && at > 1 {
        return (2, "l", true);
    }
    if rest == ['e'] && has_vowel_before {
        return (1, "", false);
    }
    let vowel = VOWELS.iter().find(|(letters, _)| {
        // The "er" of "very" are two sounds.
        starts_with(letters) && !(letters.ends_with('r') && begins_before_vowel(letters.len()))
    });
    if let Some((letters, sound)) = vowel {
        return (letters.len(), sound, true);
    }
    if let Some((letters, sound)) = CONSONANTS.iter().find(|(letters, _)| starts_with(letters)) {
        return (letters.len(), sound, false);
    }
    // At the beginning, or before a vowel, "y" is a consonant: "yes", "beyond".
    if is_vowel_letter(rest[0]) && !(rest[0] == 'y' && begins_before_vowel(1)) {
        return (1, vowel_sound(word, at), true);
    }
    let is_double = rest.get(1) == Some(&rest[0]);
    (if is_double { 2 } else { 1 }, consonant_sound(rest), false)
}

/// The sound of a single vowel: long before a consonant and a silent "e" ("late"), and at the end.
fn vowel_sound(word: &[char], at: usize) -> &'static str {
    let is_only_vowel = word.iter().filter(|c| is_vowel_letter(**c)).count() == 1;
    let is_long = match &word[at + 1..] {
        [] => true,
        [consonant, 'e'] => !is_vowel_letter(*consonant),
        _ => false,
    };
    match (word[at], is_long) {
        ('a', true) if at + 1 == word.len() => "ə",
        ('a', true) => "eɪ",
        ('a', false) => "æ",
        ('e', true) => "i",
        ('e', false) => "ɛ",
        ('i', true) => "aɪ",
        ('i', false) => "ɪ",
        ('o', true) => "oʊ",
        ('o', false) => "ɑ",
        ('u', true) => "u",
        ('u', false) => "ʌ",
        ('y', true) if is_only_vowel => "aɪ",
        (_, true) => "i",
        (_, false) => "ɪ",
    }
}

fn consonant_sound(rest: &[char]) -> &'static str {
    match rest {
        ['c', 'e' | 'i' | 'y', ..] => "s",
        ['c' | 'k' | 'q', ..] => "k",
        ['b', ..] => "b",
        ['d', ..] => "d",
        ['f', ..] => "f",
        ['g', ..] => "ɡ",
        ['h', ..] => "h",
        ['j', ..] => "d͡ʒ",
        ['l', ..] => "l",
        ['m', ..] => "m",
        ['n', ..] => "n",
        ['p', ..] => "p",
        ['r', ..] => "ɹ",
        ['s', ..] => "s",
        ['t', ..] => "t",
        ['v', ..] => "v",
        ['w', ..] => "w",
        ['x', ..] => "ks",
        ['y', ..] => "j",
        ['z', ..] => "z",
        // An apostrophe.
        _ => "",
    }
}

/// Divides graphemes into syllables: at least one, each with one vowel if the word has any.
fn divide(graphemes: Vec<Grapheme>) -> Vec<Syllable> {
    let vowels: Vec<usize> = graphemes
        .iter()
        .enumerate()
        .filter_map(|(index, grapheme)| grapheme.is_vowel.then_some(index))
        .collect();
    // After each vowel but the last, the next syllable begins with one consonant, if there is one.
    let starts = vowels.windows(2).map(|pair| match pair[1] - pair[0] {
        1 => pair[1],
        _ => pair[1] - 1,
    });
    let mut starts = starts.peekable();
    let mut syllables: Vec<Syllable> = vec![Vec::new()];
    for (index, grapheme) in graphemes.into_iter().enumerate() {
        if starts.next_if_eq(&index).is_some() {
            syllables.push(Vec::new());
        }
        if let Some(syllable) = syllables.last_mut() {
            syllable.push(grapheme);
        }
    }
    syllables
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The syllables with hyphens between them, and all sounds.
    fn spelled(word: &str) -> (String, String) {
        let syllables = syllables(word);
        let letters = |syllable: &Syllable| -> String {
            syllable.iter().map(|grapheme| &*grapheme.letters).collect()
        };
        let texts: Vec<String> = syllables.iter().map(letters).collect();
        let sounds = syllables.iter().flatten().map(|grapheme| grapheme.sound);
        (texts.join("-"), sounds.collect())
    }

    #[test]
    fn words_are_divided_at_their_vowels() {
        for (word, syllables, sounds) in [
            ("castle", "cas-tle", "kæstl"),
            ("Doctor", "Doc-tor", "dɑktɑɹ"),
            ("sister", "sis-ter", "sɪstɝ"),
            ("beautiful", "beau-ti-ful", "butɪfʌl"),
            ("about", "a-bout", "æbaʊt"),
            ("hello", "he-llo", "hɛloʊ"),
            ("late", "late", "leɪt"),
            ("checking", "che-cking", "t͡ʃɛkɪŋ"),
            ("very", "ve-ry", "vɛɹi"),
            ("my", "my", "maɪ"),
            ("yes", "yes", "jɛs"),
            ("the", "the", "θi"),
            ("I", "I", "aɪ"),
            ("a", "a", "ə"),
            ("don't", "don't", "dɑnt"),
            ("twenty-one", "twen-ty-one", "twɛntioʊn"),
        ] {
            assert_eq!(spelled(word), (syllables.into(), sounds.into()), "{word}");
        }
    }

    #[test]
    fn every_word_keeps_its_letters() {
        for word in [
            "queue",
            "eye",
            "rhythm",
            "strengths",
            "ooooo",
            "e",
            "y",
            "le",
            "hmm",
            "aeiouy",
        ] {
            let (syllables, _) = spelled(word);
            assert_eq!(syllables.replace('-', ""), word);
            assert!(!syllables.split('-').any(str::is_empty), "{syllables}");
        }
    }

    #[test]
    fn numbers_and_other_scripts_are_one_syllable_without_sounds() {
        for word in ["3", "안녕", "naïve", "a1"] {
            assert_eq!(spelled(word), (word.into(), String::new()));
        }
        assert!(syllables("-").is_empty());
    }
}
