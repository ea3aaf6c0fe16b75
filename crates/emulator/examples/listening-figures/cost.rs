//! Time and memory, and sounds that are not speech.

use std::io;

use emulator::listen::engine::SAMPLE_RATE;
use emulator::listen::{Heard, Listener};
use serde_json::json;

use crate::corpus::white_noise;
use crate::decision::{Decision, words};
use crate::figures::{Figures, Share};
use crate::machine;
use crate::material::SENTENCES;
use crate::synthesis::Voice;

impl Figures {
    /// Time and memory, for a minute of speech.
    pub fn cost(&mut self, listener: &Listener) -> io::Result<()> {
        let sentence = Voice::Flite("slt").speak(SENTENCES[0])?;
        let rate = sentence.sample_rate;
        let minute: Vec<f32> = sentence
            .samples
            .iter()
            .copied()
            .cycle()
            .take(60 * rate as usize)
            .collect();
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

    /// Checks that sounds other than speech are refused.
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
}
