//! From several channels to one.

/// How many frames are judged at a time: 43 ms at 48 kHz. Judged as a whole, a
/// recording whose channels cancel each other only in a part would pass.
const WINDOW_FRAMES: u32 = 2_048;
/// The share of the sound that may be lost to cancellation before a single channel
/// is the better choice.
const CANCELED_SHARE: f64 = 0.1;
/// By how much the power of a channel exceeds that of all others together that
/// hold nothing worth hearing: 40 dB.
const ALONE: f64 = 1e4;

/// Downmixes interleaved frames to mono, and finds out whether the mean of the
/// channels is worth less than one of them alone.
///
/// The choice is made of the whole recording, by decoding it a second time:
/// switching in its middle would click, and nearly no recording needs it.
#[derive(Debug)]
pub struct Downmix {
    channels: u16,
    chosen: Option<u16>,
    mean: Sums,
    /// One for each channel, of this window.
    window: Vec<Sums>,
    window_frames: u32,
    /// One for each channel, of the windows before.
    energies: Vec<f64>,
    loudest: f64,
    canceled: f64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    samples: f64,
    squares: f64,
}

impl Sums {
    fn add(&mut self, sample: f32) {
        let sample = f64::from(sample);
        self.samples += sample;
        self.squares += sample * sample;
    }

    /// Returns the energy without that of a constant offset, which is no sound, and
    /// starts again.
    fn take_energy(&mut self, frames: f64) -> f64 {
        let Sums { samples, squares } = std::mem::take(self);
        (squares - samples * samples / frames).max(0.0)
    }
}

impl Downmix {
    /// Creates a downmix of so many channels: to their mean, or to the `chosen` one.
    pub fn new(channels: u16, chosen: Option<u16>) -> Self {
        let channels = channels.max(1);
        Downmix {
            channels,
            chosen,
            mean: Sums::default(),
            window: vec![Sums::default(); channels.into()],
            window_frames: 0,
            energies: vec![0.0; channels.into()],
            loudest: 0.0,
            canceled: 0.0,
        }
    }

    /// The number of channels.
    pub fn channels(&self) -> u16 {
        self.channels
    }

    /// Appends whole frames to `mono`.
    pub fn push(&mut self, interleaved: &[f32], mono: &mut Vec<f32>) {
        if self.channels == 1 {
            mono.extend_from_slice(interleaved);
            return;
        }
        let share = 1.0 / f32::from(self.channels);
        for frame in interleaved.chunks_exact(self.channels.into()) {
            let mut sum = 0.0;
            for (sample, sums) in frame.iter().zip(&mut self.window) {
                sum += sample;
                sums.add(*sample);
            }
            let mean = sum * share;
            self.mean.add(mean);
            let chosen = self
                .chosen
                .and_then(|channel| frame.get(usize::from(channel)));
            mono.push(chosen.copied().unwrap_or(mean));
            self.window_frames += 1;
            if self.window_frames == WINDOW_FRAMES {
                self.end_window();
            }
        }
    }

    /// Returns the channel to choose instead of the mean, once all frames were
    /// pushed: the loudest, where the channels cancel each other or the others are
    /// silent.
    pub fn better_channel(&mut self) -> Option<u16> {
        if self.chosen.is_some() || self.channels == 1 {
            return None;
        }
        if self.window_frames > 0 {
            self.end_window();
        }
        let mut best = (0, 0.0);
        for (channel, energy) in (0..).zip(&self.energies) {
            if *energy > best.1 {
                best = (channel, *energy);
            }
        }
        let (channel, energy) = best;
        let others = self.energies.iter().sum::<f64>() - energy;
        let is_alone = energy > ALONE * others;
        let is_canceled = self.canceled > CANCELED_SHARE * self.loudest;
        (is_alone || is_canceled).then_some(channel)
    }

    fn end_window(&mut self) {
        let frames = f64::from(std::mem::take(&mut self.window_frames));
        let mut loudest = 0.0f64;
        for (energy, sums) in self.energies.iter_mut().zip(&mut self.window) {
            let here = sums.take_energy(frames);
            *energy += here;
            loudest = loudest.max(here);
        }
        self.loudest += loudest;
        // Sounds that have nothing to do with each other leave at least the loudest
        // one's share. Less is left only where channels cancel each other.
        let share = loudest / f64::from(self.channels).powi(2);
        if self.mean.take_energy(frames) < share / 2.0 {
            self.canceled += loudest;
        }
    }
}
