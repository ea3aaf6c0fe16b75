//! The sentences by which the thresholds and the engine's own pronunciations were chosen. They differ
//! from those of the figures.

use std::collections::BTreeMap;
use std::io;

use emulator::listen::emissions::{Emissions, Label};
use emulator::listen::phones::Phone;
use emulator::listen::{Heard, HeardWord, Listener};

use crate::decision::{without, words};
use crate::figures::Share;
use crate::synthesis::{VOICES, Voice};

/// Log ratios that are tried as thresholds.
const LIMITS: [f64; 4] = [-2.0, -3.0, -4.0, -6.0];

/// Sentences with many short words.
const SHORT_WORD_SENTENCES: [&str; 30] = [
    "I saw a dog in the park",
    "There are seven days in a week",
    "Put the knife and the fork on the table",
    "Do you know where the library is",
    "I usually drink coffee in the morning",
    "He is a good friend of mine",
    "I am going to the store",
    "This is a new pair of shoes",
    "She gave me a piece of cake",
    "I think it is a bad idea",
    "They want to go to the zoo",
    "What a beautiful day it is",
    "Tom has a car and a bike",
    "Yesterday I went to school by bus",
    "When I was a child I lived here",
    "It was a very long story",
    "We have to leave at eight",
    "My father is a teacher at a school",
    "Can I have a glass of water",
    "You are as tall as I am",
    "Anna is an old friend",
    "Open the door and let us in",
    "Give it to him or to her",
    "I hope that I can see you soon",
    "He reads a book to us at night",
    "Is there a bank near the hotel",
    "Mark is a bad player",
    "I want to learn to swim",
    "We are out of milk",
    "That is all I need to know",
];

/// Sentences with the most common words of English.
const COMMON_WORD_SENTENCES: [&str; 64] = [
    "I think of you and I miss you",
    "Are you at home or are you out",
    "It is what it is",
    "He was as happy as she was",
    "Do you have time for us",
    "What do you do if it rains",
    "One of us has to go",
    "Two of them were here and three were not",
    "You and I are the best of friends",
    "The end of the day is near",
    "I do not like it but I will do it",
    "Is he the one that you like",
    "Where is my bag and where are my shoes",
    "We were at the door when they came",
    "Does she have one or two",
    "Some of the people are from the city",
    "He has been here for an hour",
    "Would you like to come with me",
    "I could not see what was there",
    "They said that it was theirs",
    "Who put this in there",
    "From now on I eat an egg a day",
    "We put our shoes by the door",
    "Here is the list of all of the names",
    "Your mother and your brother love you very much",
    "Their son gives them money every year",
    "How many people live in this country",
    "She says that she has done nothing wrong",
    "We should come back again another day",
    "There is something above your head",
    "Would you make me some coffee now",
    "Only one of these is any good",
    "Once upon a time there were two sisters",
    "Look at his eyes and then at hers",
    "I have only been here once",
    "He gives us work because we want to learn",
    "What time does your work begin",
    "Their new house is over there",
    "Also try the other way if you can",
    "Even so most people like him",
    "How are you today",
    "You were right about that",
    "Nothing is as good as love",
    "Come here and give me your hand",
    "They live above a shop and work below",
    "He could not give her any money",
    "His mother says he is well",
    "After the first day it was over",
    "Are these your things or theirs",
    "Do not use it any more",
    "I know how much you love your brother",
    "We have many friends in that town",
    "Some say one thing and some another",
    "What would you like to eat",
    "Where do you come from",
    "Her son has gone to another school",
    "I want to go into the water with you",
    "You should know better than that",
    "Which one of those do you want",
    "Why are you always so late",
    "Says who and since when",
    "Were you there when it was done",
    "The money was given back to us",
    "Many of us would rather walk",
];

fn voices() -> impl Iterator<Item = Voice> {
    let more = ["en-gb-scotland", "en-gb-x-rp"].map(Voice::Espeak);
    VOICES.into_iter().chain(more)
}

fn listen(listener: &Listener, voice: Voice, text: &str) -> io::Result<Emissions> {
    let audio = voice.speak(text)?;
    let emissions = listener.emissions(&audio.samples, audio.sample_rate);
    emissions.ok_or_else(|| io::Error::other("the engine failed"))
}

/// Prints how many words each threshold rejects, by the number of their sounds: first of those that
/// are missing, then of those that are there.
pub fn print_thresholds(listener: &Listener) -> io::Result<()> {
    let mut missing = [[Share::default(); LIMITS.len()]; 3];
    let mut right = missing;
    let count = |shares: &mut [[Share; LIMITS.len()]; 3], word: &HeardWord| {
        let Some(evidence) = word.evidence else {
            return;
        };
        let row = &mut shares[evidence.sounds.clamp(1, 3) - 1];
        for (share, limit) in row.iter_mut().zip(LIMITS) {
            share.add(evidence.log_ratio < limit);
        }
    };
    for voice in voices() {
        for text in SHORT_WORD_SENTENCES {
            let all = words(text);
            if let Heard::Words(heard) = listener.find(&all, &listen(listener, voice, text)?) {
                heard.iter().for_each(|word| count(&mut right, word));
            }
            for place in 0..all.len() {
                let emissions = listen(listener, voice, &without(text, place))?;
                if let Heard::Words(heard) = listener.find(&all, &emissions) {
                    count(&mut missing, &heard[place]);
                }
            }
        }
    }
    for (sounds, (missing, right)) in missing.iter().zip(&right).enumerate() {
        println!(
            "{} sounds{}:",
            sounds + 1,
            if sounds == 2 { " and more" } else { "" }
        );
        for (limit, (missing, right)) in LIMITS.iter().zip(missing.iter().zip(right)) {
            println!("  log ratio < {limit}: missing {missing}, right {right}");
        }
    }
    Ok(())
}

/// Prints the sounds that the engine finds most often for each word.
pub fn print_common_words(listener: &Listener) -> io::Result<()> {
    let mut found: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for voice in voices() {
        for text in SHORT_WORD_SENTENCES.iter().chain(&COMMON_WORD_SENTENCES) {
            let emissions = listen(listener, voice, text)?;
            let Heard::Words(heard) = listener.find(&words(text), &emissions) else {
                continue;
            };
            let sounds = most_probable_sounds(&emissions);
            for (place, word) in words(text).into_iter().enumerate() {
                let frames = frames_around(&heard, place, emissions.frames());
                let symbols = sounds.iter().filter(|(frame, _)| frames.contains(frame));
                let symbols: Vec<&str> = symbols.map(|(_, sound)| sound.symbols()[0]).collect();
                let of_word = found.entry(word.to_lowercase()).or_default();
                *of_word.entry(symbols.join(" ")).or_default() += 1;
            }
        }
    }
    for (word, sounds) in found {
        let count: usize = sounds.values().sum();
        if let Some((sounds, most)) = sounds.iter().max_by_key(|(_, count)| **count) {
            println!("{word}: {sounds} ({most} of {count})");
        }
    }
    Ok(())
}

/// The frames of a word, and half of those between it and its neighbors.
fn frames_around(heard: &[HeardWord], place: usize, frames: usize) -> std::ops::Range<usize> {
    let first = |word: &HeardWord| word.sounds.first().map(|sound| sound.frames.start);
    let last = |word: &HeardWord| word.sounds.last().map(|sound| sound.frames.end);
    let own = (
        first(&heard[place]).unwrap_or(0),
        last(&heard[place]).unwrap_or(frames),
    );
    let before = place.checked_sub(1).and_then(|place| last(&heard[place]));
    let after = heard.get(place + 1).and_then(first);
    let start = before.map_or(0, |before| (before + own.0) / 2);
    start..after.map_or(frames, |after| (after + own.1).div_ceil(2))
}

/// The most probable sound of each frame, with the frame; repetitions are one.
fn most_probable_sounds(emissions: &Emissions) -> Vec<(usize, Phone)> {
    let labels = || std::iter::once(Label::Blank).chain(Phone::all().map(Label::Sound));
    let mut sounds = Vec::new();
    let mut last = Label::Blank;
    for frame in 0..emissions.frames() {
        let probability = |label: &Label| emissions.log_probability(frame, *label);
        let best = labels().max_by(|a, b| probability(a).total_cmp(&probability(b)));
        let best = best.unwrap_or(Label::Blank);
        if let Label::Sound(sound) = best
            && best != last
        {
            sounds.push((frame, sound));
        }
        last = best;
    }
    sounds
}
