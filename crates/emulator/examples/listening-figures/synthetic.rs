//! Figures from the voices of synthesizers.

use std::io;

use emulator::listen::{Heard, HeardWord, Listener};
use serde_json::json;

use crate::corpus::{NOISE_DB, with_noise};
use crate::decision::{Decision, is_good, without, words};
use crate::figures::{Figures, Share};
use crate::material::{INSERTED, SENTENCES, SWAPPED};
use crate::synthesis::{TimedSound, VOICES, Voice};

impl Figures {
    /// Sentences of the synthesizers: complete, without a word, others, and in noise.
    pub fn synthetic(&mut self, listener: &Listener) -> io::Result<()> {
        let (mut refused, mut refused_sentences) = (Share::default(), Share::default());
        let (mut missing, mut other) = (Share::default(), Share::default());
        let mut replaced = Share::default();
        let mut noisy_refused = [Share::default(); NOISE_DB.len()];
        let mut noisy_missing = [Share::default(); NOISE_DB.len()];
        for voice in VOICES {
            for text in SENTENCES {
                let audio = voice.speak(text)?;
                let decide = |samples: &[f32], text: &str| -> Decision {
                    match listener.emissions(samples, audio.sample_rate) {
                        Some(emissions) => Decision::of(listener, &emissions, text),
                        None => panic!("the engine failed"),
                    }
                };
                let Some(emissions) = listener.emissions(&audio.samples, audio.sample_rate) else {
                    panic!("the engine failed");
                };
                let right = Decision::of(listener, &emissions, text);
                refused += right.refused_words();
                refused_sentences.add(!right.is_complete);
                for another in SENTENCES.iter().filter(|another| **another != text) {
                    other.add(!Decision::of(listener, &emissions, another).is_complete);
                }
                for place in 0..words(text).len() {
                    let mut replacing = words(text);
                    replacing[place] = INSERTED[place % INSERTED.len()];
                    let decision = Decision::of(listener, &emissions, &replacing.join(" "));
                    replaced.add(!decision.is_complete);
                }
                for (noise, refused) in NOISE_DB.iter().zip(&mut noisy_refused) {
                    *refused += decide(&with_noise(&audio, *noise), text).refused_words();
                }
                for word in 0..words(text).len() {
                    let audio = voice.speak(&without(text, word))?;
                    missing.add(!decide(&audio.samples, text).is_complete);
                    // One word of each sentence is enough in noise.
                    if word == text.len() % words(text).len() {
                        for (noise, caught) in NOISE_DB.iter().zip(&mut noisy_missing) {
                            caught.add(!decide(&with_noise(&audio, *noise), text).is_complete);
                        }
                    }
                }
            }
        }
        self.put_share("synthetic: sentence without a word refused", missing);
        self.put_share("synthetic: right words refused", refused);
        self.put_share("synthetic: right sentences refused", refused_sentences);
        self.put_share("synthetic: other sentence refused", other);
        self.put_share("synthetic: sentence with another word refused", replaced);
        for ((noise, refused), missing) in NOISE_DB.iter().zip(noisy_refused).zip(noisy_missing) {
            let name = |what: &str| format!("synthetic, noise {noise} dB below: {what}");
            self.put_share(name("sentence without a word refused"), missing);
            self.put_share(name("right words refused"), refused);
        }
        Ok(())
    }

    /// Sentences in which a similar word was spoken.
    pub fn swapped(&mut self, listener: &Listener) -> io::Result<()> {
        let (mut refused, mut unclear, mut right_unclear) =
            (Share::default(), Share::default(), Share::default());
        for voice in VOICES {
            for (sentence, spoken, expected) in SWAPPED {
                for (spoken, expected) in [(spoken, expected), (expected, spoken)] {
                    let audio = voice.speak(&sentence.replace("{}", spoken))?;
                    let Some(emissions) = listener.emissions(&audio.samples, audio.sample_rate)
                    else {
                        panic!("the engine failed");
                    };
                    let gap = words(sentence).iter().position(|word| *word == "{}");
                    let gap = gap.unwrap_or_default();
                    let text = sentence.replace("{}", expected);
                    let swapped = Decision::of(listener, &emissions, &text);
                    refused.add(swapped.refuses(gap) || !swapped.is_complete);
                    unclear.add(!is_good(&swapped, gap));
                    let right = Decision::of(listener, &emissions, &sentence.replace("{}", spoken));
                    right_unclear.add(!is_good(&right, gap));
                }
            }
        }
        self.put_share("synthetic: similar word instead, refused", refused);
        self.put_share(
            "synthetic: similar word instead, below the band \"good\"",
            unclear,
        );
        self.put_share(
            "synthetic: the right word, below the band \"good\"",
            right_unclear,
        );
        Ok(())
    }

    /// The beginnings of words against the times of flite.
    pub fn onsets(&mut self, listener: &Listener) -> io::Result<()> {
        let mut errors_ms = Vec::new();
        for voice in VOICES {
            for text in SENTENCES {
                let sounds = voice.sounds(text)?;
                let Some(onsets) = flite_onsets(voice, text, &sounds)? else {
                    continue;
                };
                let audio = voice.speak(text)?;
                let heard = listener.listen(&words(text), &audio.samples, audio.sample_rate);
                let Heard::Words(heard) = heard else { continue };
                let found = heard.iter().map(HeardWord::onset_seconds).zip(&onsets);
                errors_ms.extend(found.filter_map(|(found, onset)| Some((found? - onset) * 1e3)));
            }
        }
        let mut absolute: Vec<f64> = errors_ms.iter().map(|error| error.abs()).collect();
        absolute.sort_by(f64::total_cmp);
        errors_ms.sort_by(f64::total_cmp);
        let at = |sorted: &[f64], share: f64| {
            let index = (sorted.len() as f64 * share) as usize;
            sorted.get(index).copied().unwrap_or(f64::NAN)
        };
        let (median, p90) = (at(&absolute, 0.5), at(&absolute, 0.9));
        let (bias, count) = (at(&errors_ms, 0.5), errors_ms.len());
        self.put(
            "synthetic: error of a word's beginning",
            format!("median {median:.0} ms, p90 {p90:.0} ms, bias {bias:.0} ms ({count} words)"),
            json!({ "median_ms": median, "p90_ms": p90, "bias_ms": bias, "words": count }),
        );
        Ok(())
    }
}

/// When the words of a text begin, in seconds. flite tells the times of sounds only: the words are
/// found by how many sounds each has alone, and `None` is returned if that does not add up.
fn flite_onsets(voice: Voice, text: &str, sounds: &[TimedSound]) -> io::Result<Option<Vec<f64>>> {
    let mut spoken = Vec::new();
    let mut start = 0.0;
    for sound in sounds {
        if sound.name != "pau" {
            spoken.push(start);
        }
        start = sound.end_seconds;
    }
    let mut onsets = Vec::new();
    let mut place = 0;
    for word in words(text) {
        let alone = voice.sounds(word)?;
        match spoken.get(place) {
            Some(onset) => onsets.push(*onset),
            None => return Ok(None),
        }
        place += alone.iter().filter(|sound| sound.name != "pau").count();
    }
    Ok((place == spoken.len() && place > 0).then_some(onsets))
}
