//! Downmixes several channels to one.

/// The number of frames that are judged together: 43 ms at 48 kHz. A recording that was judged as a
/// whole would pass although its channels cancel each other in a part.
const WINDOW_FRAMES: u32 = 2_048;
/// The share of the sound that may be lost to cancellation before a single channel is the better
/// choice.
const CANCELED_SHARE: f64 = 0.1;
/// The ratio of a channel's power to that of all others together from which the others hold nothing
/// worth hearing: 40 dB.
const ALONE: f64 = 1e4;

/// Downmixes interleaved frames to mono, and determines whether a single channel is better than the
/// mean of all.
///
/// The choice is made for the whole recording, by decoding it a second time: a switch in the middle
/// would click, and hardly any recording needs it.
#[derive(Debug)]
pub struct Downmix {
    chosen: Option<u16>,
    /// One per channel.
    stats: Vec<ChannelStats>,
    mean: ChannelStats,
    window_frames: u32,
    loudest: f64,
    canceled: f64,
    mono: Vec<f32>,
}

/// The sums and the energy of a channel.
#[derive(Debug, Clone, Copy, Default)]
struct ChannelStats {
    /// The sum of this window's samples, and the sum of their squares.
    sum: f64,
    squares: f64,
    /// The energy of all earlier windows.
    energy: f64,
}

impl ChannelStats {
    fn add(&mut self, sample: f32) {
        let sample = f64::from(sample);
        self.sum += sample;
        self.squares += sample * sample;
    }

    /// Ends a window of `frames` frames. Returns the energy without that of a constant offset,
    /// which is no sound.
    fn end_window(&mut self, frames: f64) -> f64 {
        let energy = (self.squares - self.sum * self.sum / frames).max(0.0);
        *self = ChannelStats {
            energy: self.energy + energy,
            ..ChannelStats::default()
        };
        energy
    }
}

impl Downmix {
    /// Creates a downmix of `channels` channels to their mean, or to the `chosen` channel.
    pub fn new(channels: u16, chosen: Option<u16>) -> Self {
        Downmix {
            chosen,
            stats: vec![ChannelStats::default(); channels.max(1).into()],
            mean: ChannelStats::default(),
            window_frames: 0,
            loudest: 0.0,
            canceled: 0.0,
            mono: Vec::new(),
        }
    }

    /// The number of channels.
    pub fn channels(&self) -> u16 {
        self.stats.len() as u16
    }

    /// Returns the next whole frames as mono.
    pub fn mix<'a>(&'a mut self, interleaved: &'a [f32]) -> &'a [f32] {
        let channels = self.stats.len();
        if channels == 1 {
            return interleaved;
        }
        self.mono.clear();
        for frame in interleaved.chunks_exact(channels) {
            for (sample, stats) in frame.iter().zip(&mut self.stats) {
                stats.add(*sample);
            }
            let mean = frame.iter().sum::<f32>() / channels as f32;
            self.mean.add(mean);
            let chosen = self
                .chosen
                .and_then(|channel| frame.get(usize::from(channel)));
            self.mono.push(*chosen.unwrap_or(&mean));
            self.window_frames += 1;
            if self.window_frames == WINDOW_FRAMES {
                self.end_window();
            }
        }
        &self.mono
    }

    /// Returns the channel to use instead of the mean, once all frames were mixed: the loudest
    /// channel, if the channels cancel each other or if all others are silent.
    pub fn better_channel(&mut self) -> Option<u16> {
        if self.window_frames > 0 {
            self.end_window();
        }
        let (mut channel, mut energy, mut all) = (0, 0.0, 0.0);
        for (stats, other) in self.stats.iter().zip(0..) {
            all += stats.energy;
            if stats.energy > energy {
                (channel, energy) = (other, stats.energy);
            }
        }
        let is_alone = energy > ALONE * (all - energy);
        let is_canceled = self.canceled > CANCELED_SHARE * self.loudest;
        (self.chosen.is_none() && (is_alone || is_canceled)).then_some(channel)
    }

    fn end_window(&mut self) {
        let frames = f64::from(self.window_frames);
        self.window_frames = 0;
        let mut loudest = 0.0f64;
        for stats in &mut self.stats {
            loudest = loudest.max(stats.end_window(frames));
        }
        self.loudest += loudest;
        // Unrelated sounds leave at least the share of the loudest one. Less is left only if
        // channels cancel each other.
        let channels = self.stats.len() as f64;
        if self.mean.end_window(frames) < loudest / (2.0 * channels * channels) {
            self.canceled += loudest;
        }
    }
}
