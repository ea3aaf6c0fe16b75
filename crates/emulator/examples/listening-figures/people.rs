//! Figures from recordings of people, and transcripts.

use std::io;
use std::path::Path;

use emulator::listen::Listener;

use crate::corpus::{self, NOISE_DB, with_noise};
use crate::decision::{Decision, words};
use crate::figures::{Figures, Share};
use crate::material::{INSERTED, INSERTED_SHORT, SENTENCES};
use crate::synthesis::Voice;
use crate::transcription::{Vocabulary, edit_distance};
use crate::wav::Audio;

impl Figures {
    /// Recordings of people: the text they read, the text with a word more, and other texts.
    pub fn recorded(&mut self, listener: &Listener, folder: &Path) -> io::Result<()> {
        let recordings = corpus::read(folder)?;
        let mut noisy = [Share::default(); NOISE_DB.len()];
        let mut other = Share::default();
        let mut groups = [("children", true), ("adults", false)].map(|(name, is_child)| {
            let shares = [Share::default(); 4];
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
            let Some((_, _, [missing, short, refused, sentences])) = group else {
                continue;
            };
            let right = Decision::of(listener, &emissions, &recording.text);
            *refused += right.refused_words();
            sentences.add(!right.is_complete);
            let spoken = words(&recording.text);
            for (share, words) in [(missing, &INSERTED[..]), (short, &INSERTED_SHORT)] {
                for place in 0..=spoken.len() {
                    for inserted in words {
                        // Whether "to to" was said once or twice cannot be decided.
                        let mut beside = spoken.iter().skip(place.saturating_sub(1)).take(2);
                        if beside.any(|word| word.eq_ignore_ascii_case(inserted)) {
                            continue;
                        }
                        let mut longer = spoken.clone();
                        longer.insert(place, inserted);
                        let decision = Decision::of(listener, &emissions, &longer.join(" "));
                        share.add(decision.refuses(place));
                    }
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
        for (name, _, [missing, short, refused, sentences]) in groups {
            self.put_share(
                format!("recordings, {name}: word not said, refused"),
                missing,
            );
            self.put_share(
                format!("recordings, {name}: short word not said, refused"),
                short,
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
}
