//! The figures: counts, percentages, and the table.

use std::io;
use std::path::Path;

use emulator::listen::emissions::Emissions;
use emulator::listen::engine::SAMPLE_RATE;
use emulator::listen::verdict::{Band, Evidence, is_complete};
use emulator::listen::{Heard, HeardWord, Listener};
use serde_json::{Value, json};

use crate::corpus::{self, white_noise, with_noise};
use crate::machine;
use crate::material::{INSERTED, SENTENCES, SWAPPED};
use crate::synthesis::{TimedSound, VOICES, Voice};
use crate::transcription::{Vocabulary, edit_distance};
use crate::wav::Audio;

/// The levels of noise that are tried, in decibels below the speech.
const NOISE_DB: [f64; 3] = [20.0, 10.0, 5.0];

/// Named figures, in the order of the table.
#[derive(Default)]
pub struct Figures(Vec<(String, String, Value)>);

/// How many of how many.
#[derive(Default, Clone, Copy)]
struct Share {
    part: usize,
    whole: usize,
}

impl Share {
    fn add(&mut self, is_part: bool) {
        self.part += usize::from(is_part);
        self.whole += 1;
    }

    fn percent(self) -> f64 {
        100.0 * self.part as f64 / self.whole.max(1) as f64
    }
}

/// The decision for a sentence and for each of its words that can be judged.
struct Decision {
    is_complete: bool,
    words: Vec<Option<Evidence>>,
}

impl Decision {
    fn of(listener: &Listener, emissions: &Emissions, text: &str) -> Decision {
        match listener.find(&words(text), emissions) {
            Heard::Words(heard) => {
                let words: Vec<_> = heard.iter().map(|word| word.evidence).collect();
                let judged: Vec<_> = words.iter().flatten().copied().collect();
                Decision {
                    is_complete: is_complete(&judged),
                    words,
                }
            }
            Heard::TooShort => Decision {
                is_complete: false,
                words: Vec::new(),
            },
            Heard::NotJudged => Decision {
                is_complete: true,
                words: Vec::new(),
            },
        }
    }

    fn refused_words(&self) -> Share {
        let mut share = Share::default();
        for evidence in self.words.iter().flatten() {
            share.add(!evidence.is_spoken());
        }
        share
    }

    fn refuses(&self, word: usize) -> bool {
        match self.words.get(word) {
            Some(evidence) => evidence.is_some_and(|evidence| !evidence.is_spoken()),
            None => !self.is_complete,
        }
    }
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

fn without(text: &str, word: usize) -> String {
    let mut words = words(text);
    words.remove(word);
    words.join(" ")
}

impl Figures {
    fn put(&mut self, name: impl Into<String>, shown: String, value: Value) {
        let name = name.into();
        eprintln!("{name}: {shown}");
        self.0.push((name, shown, value));
    }

    fn put_share(&mut self, name: impl Into<String>, share: Share) {
        let Share { part, whole } = share;
        let percent = share.percent();
        self.put(
            name,
            format!("{percent:.1} % ({part} of {whole})"),
            json!({ "part": part, "whole": whole, "percent": percent }),
        );
    }

    /// Time and memory, for a minute of speech.
    pub fn cost(&mut self, listener: &Listener) -> io::Result<()> {
        let sentence = Voice::Flite("slt").speak(SENTENCES[0])?;
        let rate = sentence.sample_rate;
        let minute: Vec<f32> = sentence
            .samples
            .iter()
            .copied()
            .cycle()
            .collect_seconds(60, rate);
        let repeated = (60.0 / sentence.seconds()) as usize;
        let text = vec![SENTENCES[0]; repeated].join(" ");
        machine::forget_peak();
        let before = machine::memory_megabytes();
        let start = machine::cpu_seconds();
        let heard = listener.listen(&words(&text), &minute, rate);
        assert!(matches!(heard, Heard::Words(_)), "a minute can be judged");
        let cost = machine::cpu_seconds()
            .zip(start)
            .map(|(end, start)| (end - start) / 60.0);
        let peak = machine::memory_megabytes().zip(before);
        let peak = peak.map(|((_, peak), (before, _))| peak - before);
        let shown = |value: Option<f64>, unit: &str, digits: usize| match value {
            Some(value) => format!("{value:.digits$} {unit}"),
            None => "not measured on this system".into(),
        };
        let per_second = "processor time for a second of audio, of 60 s";
        self.put(per_second, shown(cost, "s", 3), json!(cost));
        self.put(
            "memory at 60 s, beside the lexicon",
            shown(peak, "MB", 0),
            json!(peak),
        );
        Ok(())
    }

    /// What is not speech at all.
    pub fn not_speech(&mut self, listener: &Listener) {
        let seconds = 3 * SAMPLE_RATE as usize;
        let hum = |n: usize| 0.1 * (n as f32 * 50.0 * std::f32::consts::TAU / 16_000.0).sin();
        let noise = white_noise(seconds);
        let sounds: [Vec<f32>; 3] = [
            vec![0.0; seconds],
            noise.iter().map(|sample| 0.1 * sample).collect(),
            (0..seconds).map(hum).collect(),
        ];
        let mut refused = Share::default();
        for samples in &sounds {
            let Some(emissions) = listener.emissions(samples, SAMPLE_RATE) else {
                continue;
            };
            for text in SENTENCES {
                refused.add(!Decision::of(listener, &emissions, text).is_complete);
            }
        }
        self.put_share("silence, noise and hum refused", refused);
    }

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

    /// Recordings of people: the text they read, the text with a word more, and other texts.
    pub fn recorded(&mut self, listener: &Listener, folder: &Path) -> io::Result<()> {
        let recordings = corpus::read(folder)?;
        let mut noisy = [Share::default(); NOISE_DB.len()];
        let mut other = Share::default();
        let mut groups = [("children", true), ("adults", false)].map(|(name, is_child)| {
            let shares = [Share::default(); 3];
            (name, is_child, shares)
        });
        for recording in &recordings {
            let Audio {
                samples,
                sample_rate,
            } = &recording.audio;
            let Some(emissions) = listener.emissions(samples, *sample_rate) else {
                panic!("the engine failed");
            };
            let group = groups
                .iter_mut()
                .find(|group| group.1 == recording.is_child);
            let Some((_, _, [missing, refused, sentences])) = group else {
                continue;
            };
            let right = Decision::of(listener, &emissions, &recording.text);
            *refused += right.refused_words();
            sentences.add(!right.is_complete);
            let spoken = words(&recording.text);
            for place in 0..=spoken.len() {
                for inserted in INSERTED {
                    let mut longer = spoken.clone();
                    longer.insert(place, inserted);
                    let decision = Decision::of(listener, &emissions, &longer.join(" "));
                    missing.add(decision.refuses(place));
                }
            }
            for another in recordings
                .iter()
                .filter(|another| another.text != recording.text)
            {
                other.add(!Decision::of(listener, &emissions, &another.text).is_complete);
            }
            for (noise, refused) in NOISE_DB.iter().zip(&mut noisy) {
                let noisy = with_noise(&recording.audio, *noise);
                if let Some(emissions) = listener.emissions(&noisy, *sample_rate) {
                    *refused += Decision::of(listener, &emissions, &recording.text).refused_words();
                }
            }
        }
        for (name, _, [missing, refused, sentences]) in groups {
            self.put_share(
                format!("recordings, {name}: word not said, refused"),
                missing,
            );
            self.put_share(format!("recordings, {name}: words refused"), refused);
            self.put_share(format!("recordings, {name}: sentences refused"), sentences);
        }
        self.put_share("recordings: other sentence refused", other);
        for (noise, refused) in NOISE_DB.iter().zip(noisy) {
            let name = format!("recordings, noise {noise} dB below: words refused");
            self.put_share(name, refused);
        }
        Ok(())
    }

    /// The word error rate that transcripts would have.
    pub fn transcripts(
        &mut self,
        listener: &Listener,
        engine: &Path,
        recordings: Option<&Path>,
    ) -> io::Result<()> {
        let vocabulary = Vocabulary::read(engine)?;
        let error_rate = |spoken: &[(&Audio, &str)]| {
            let mut share = Share::default();
            for (audio, text) in spoken {
                let Some(emissions) = listener.emissions(&audio.samples, audio.sample_rate) else {
                    panic!("the engine failed");
                };
                let expected = text.to_ascii_uppercase();
                let expected = words(&expected);
                share.part += edit_distance(&expected, &vocabulary.transcribe(&emissions));
                share.whole += expected.len();
            }
            share
        };
        let audio = SENTENCES.map(|text| Voice::Flite("slt").speak(text));
        let audio: Vec<Audio> = audio.into_iter().collect::<io::Result<_>>()?;
        let spoken: Vec<_> = audio.iter().zip(SENTENCES).collect();
        self.put_share(
            "transcript, synthetic: word error rate",
            error_rate(&spoken),
        );
        if let Some(folder) = recordings {
            let recordings = corpus::read(folder)?;
            for (name, is_child) in [("children", true), ("adults", false)] {
                let group = recordings.iter().filter(|one| one.is_child == is_child);
                let spoken: Vec<_> = group.map(|one| (&one.audio, one.text.as_str())).collect();
                let name = format!("transcript, recordings of {name}: word error rate");
                self.put_share(name, error_rate(&spoken));
            }
        }
        Ok(())
    }

    /// Prints the table, and what is not in it.
    pub fn print(&self) {
        println!("\n| figure | value |\n|---|---|");
        for (name, shown, _) in &self.0 {
            println!("| {name} | {shown} |");
        }
        println!(
            "\nNot known: Korean children, errors of Korean learners as experts hear them, real \
             rooms. Words of the recordings were refused whether or not experts rate them well; \
             their missing words were put into the text, not left out by the speaker."
        );
    }

    /// The figures as they are.
    pub fn to_json(&self) -> Value {
        let entries = self.0.iter();
        entries
            .map(|(name, _, value)| (name.clone(), value.clone()))
            .collect()
    }
}

fn is_good(decision: &Decision, word: usize) -> bool {
    let evidence = decision.words.get(word).copied().flatten();
    evidence.is_some_and(|evidence| Band::of_score(evidence.score) == Band::Good)
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

impl std::ops::AddAssign for Share {
    fn add_assign(&mut self, other: Share) {
        self.part += other.part;
        self.whole += other.whole;
    }
}

trait CollectSeconds: Iterator<Item = f32> + Sized {
    fn collect_seconds(self, seconds: usize, rate: u32) -> Vec<f32> {
        self.take(seconds * rate as usize).collect()
    }
}

impl<I: Iterator<Item = f32>> CollectSeconds for I {}
