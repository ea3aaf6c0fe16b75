//! Scenes of rooms, generated: somebody speaks, and what else is to be heard.
//! Everything is seeded, so that a scene is the same each time.

pub mod recordings;

use std::f64::consts::TAU;

/// Uniform noise between -1 and 1.
pub struct Noise(u64);

impl Noise {
    pub fn new(seed: u64) -> Self {
        Noise(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    /// Between these.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() + 1.0) / 2.0
    }
}

/// A resonance of the vocal tract.
struct Resonator {
    a: f64,
    b: f64,
    c: f64,
    y1: f64,
    y2: f64,
}

impl Resonator {
    fn new(hertz: f64, width: f64, rate: f64) -> Self {
        let c = -(-TAU * width / rate).exp();
        let b = 2.0 * (-TAU / 2.0 * width / rate).exp() * (TAU * hertz / rate).cos();
        Resonator {
            a: 1.0 - b - c,
            b,
            c,
            y1: 0.0,
            y2: 0.0,
        }
    }

    fn filter(&mut self, x: f64) -> f64 {
        let y = self.a * x + self.b * self.y1 + self.c * self.y2;
        (self.y2, self.y1) = (self.y1, y);
        y
    }
}

/// How somebody speaks.
#[derive(Clone, Copy)]
pub struct Voice {
    pub seed: u64,
    /// In Hz; children speak at 300, men at 100.
    pub pitch: f64,
    pub is_whisper: bool,
}

pub const WOMAN: Voice = Voice {
    seed: 1,
    pitch: 210.0,
    is_whisper: false,
};

/// Sound, and where the words in it are, in samples.
pub struct Speech {
    pub samples: Vec<f64>,
    pub words: Vec<(usize, usize)>,
}

/// The formants of five vowels, in Hz.
const VOWELS: [[f64; 3]; 5] = [
    [730.0, 1_190.0, 2_440.0],
    [530.0, 1_840.0, 2_480.0],
    [300.0, 2_240.0, 2_900.0],
    [500.0, 900.0, 2_500.0],
    [320.0, 870.0, 2_250.0],
];

impl Voice {
    /// Words of one to three syllables, with these gaps in seconds behind each.
    pub fn says(self, rate: usize, gaps: &[f64]) -> Speech {
        let mut noise = Noise::new(self.seed);
        let mut speech = Speech {
            samples: Vec::new(),
            words: Vec::new(),
        };
        for &gap in gaps {
            let start = speech.samples.len();
            for _ in 0..=(noise.between(0.0, 2.99) as usize) {
                self.syllable(rate as f64, &mut noise, &mut speech.samples);
            }
            speech.words.push((start, speech.samples.len()));
            let pause = (gap * rate as f64) as usize;
            speech.samples.extend(std::iter::repeat_n(0.0, pause));
        }
        speech
    }

    /// A sibilant now and then, and a vowel that rises and falls.
    fn syllable(self, rate: f64, noise: &mut Noise, samples: &mut Vec<f64>) {
        if noise.next() > 0.2 {
            let mut hiss = Resonator::new((0.4 * rate).min(4_500.0), 1_500.0, rate);
            let count = (noise.between(0.05, 0.1) * rate) as usize;
            samples.extend((0..count).map(|n| {
                let shape = (TAU / 2.0 * n as f64 / count as f64).sin();
                0.15 * shape * hiss.filter(noise.next())
            }));
        }
        let vowel = VOWELS[(noise.between(0.0, 4.99)) as usize];
        let widths = [80.0, 100.0, 140.0];
        let mut tract: Vec<Resonator> = vowel
            .into_iter()
            .zip(widths)
            .filter(|(hertz, _)| *hertz < 0.45 * rate)
            .map(|(hertz, width)| Resonator::new(hertz, width, rate))
            .collect();
        let count = (noise.between(0.12, 0.24) * rate) as usize;
        let stress = 10f64.powf(noise.between(-6.0, 0.0) / 20.0);
        let mut phase = 0.0;
        for n in 0..count {
            let at = n as f64 / count as f64;
            phase += self.pitch * (1.1 - 0.2 * at) / rate;
            let pulse = if phase >= 1.0 { 1.0 } else { 0.0 };
            phase -= pulse;
            let source = match self.is_whisper {
                true => 0.1 * noise.next(),
                false => pulse + 0.003 * noise.next(),
            };
            let shape = (8.0 * at).min(4.0 * (1.0 - at)).min(1.0);
            let voice: f64 = tract.iter_mut().map(|formant| formant.filter(source)).sum();
            samples.push(stress * shape * voice);
        }
    }
}

/// The level of the speaking frames, in dBFS: of those of 20 ms within 20 dB of
/// the loudest.
pub fn active_dbfs(samples: &[f64], rate: usize) -> f64 {
    let powers: Vec<f64> = samples
        .chunks(rate / 50)
        .map(|frame| frame.iter().map(|s| s * s).sum::<f64>() / frame.len() as f64)
        .collect();
    let loudest = powers.iter().copied().fold(0.0, f64::max);
    let active: Vec<f64> = powers.into_iter().filter(|p| *p > loudest * 0.01).collect();
    10.0 * (active.iter().sum::<f64>() / active.len() as f64).log10()
}

/// The same sound at this level of its speaking frames.
pub fn at_level(mut samples: Vec<f64>, rate: usize, dbfs: f64) -> Vec<f64> {
    let gain = 10f64.powf((dbfs - active_dbfs(&samples, rate)) / 20.0);
    samples.iter_mut().for_each(|sample| *sample *= gain);
    samples
}

/// The sound behind the speaker.
#[derive(Clone, Copy, Debug)]
pub enum Background {
    Voices(usize),
    Music,
    Hum(f64),
    DcOffset,
    /// Brown noise.
    Fan,
    WhiteNoise,
}

impl Background {
    /// So many samples of it, at a level of 0 dBFS.
    pub fn sound(self, rate: usize, count: usize) -> Vec<f64> {
        let time = |n: usize| n as f64 / rate as f64;
        let mut noise = Noise::new(77);
        let sound: Vec<f64> = match self {
            Background::DcOffset => return vec![1.0; count],
            Background::Voices(voices) => {
                let mut sum = vec![0.0; count];
                for voice in 0..voices {
                    let person = Voice {
                        seed: 100 + voice as u64,
                        pitch: [120.0, 180.0, 260.0][voice % 3],
                        is_whisper: false,
                    };
                    let gaps: Vec<f64> = (0..count / rate * 4)
                        .map(|_| noise.between(0.02, 0.25))
                        .collect();
                    let said = at_level(person.says(rate, &gaps).samples, rate, 0.0);
                    let shift = voice * rate / 3;
                    sum.iter_mut()
                        .zip(said.iter().cycle().skip(shift))
                        .for_each(|(sum, sample)| *sum += sample);
                }
                sum
            }
            Background::Music => {
                // Chords of plucked strings, two a second.
                let notes = [220.0, 277.2, 329.6, 440.0, 246.9, 311.1, 370.0, 493.9];
                (0..count)
                    .map(|n| {
                        let at = time(n);
                        let beat = (at * 2.0).floor();
                        let decay = (-4.0 * (at - beat / 2.0)).exp();
                        let chord = (beat as usize % 2) * 4;
                        let strings = notes[chord..chord + 4].iter();
                        let sum: f64 = strings
                            .map(|hertz| {
                                (TAU * hertz * at).sin() + 0.4 * (2.0 * TAU * hertz * at).sin()
                            })
                            .sum();
                        decay * sum
                    })
                    .collect()
            }
            Background::Hum(hertz) => (0..count)
                .map(|n| {
                    (1..=6)
                        .map(|k| {
                            let harmonic = f64::from(k);
                            (TAU * hertz * harmonic * time(n)).sin() / harmonic
                        })
                        .sum()
                })
                .collect(),
            Background::Fan => {
                let mut last = 0.0;
                let keep = 1.0 - 600.0 / rate as f64;
                (0..count)
                    .map(|_| {
                        last = keep * last + noise.next();
                        last
                    })
                    .collect()
            }
            Background::WhiteNoise => (0..count).map(|_| noise.next()).collect(),
        };
        at_level(sound, rate, 0.0)
    }
}

/// Adds `sound` so many dB below full scale, from sample `start` on.
pub fn add(samples: &mut [f64], sound: &[f64], dbfs: f64, start: usize) {
    let gain = 10f64.powf(dbfs / 20.0);
    for (sample, sound) in samples.iter_mut().skip(start).zip(sound) {
        *sample += gain * sound;
    }
}

/// A door that is slammed: it peaks at 0 dBFS, and dies away by 60 dB in 0.4 s.
pub fn slam(rate: usize) -> Vec<f64> {
    let mut noise = Noise::new(9);
    (0..rate / 2)
        .map(|n| noise.next() * 10f64.powf(-3.0 * n as f64 / rate as f64 / 0.4))
        .collect()
}

/// A click of 1 ms at full scale.
pub fn click(rate: usize) -> Vec<f64> {
    (0..(rate / 1_000).max(1))
        .map(|n| if n % 2 == 0 { 0.9 } else { -0.9 })
        .collect()
}
