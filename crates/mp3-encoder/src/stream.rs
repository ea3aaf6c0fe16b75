//! A stream of MP3 frames out of a stream of samples.

use std::fmt;

use rusty_mp3::{Mp3Encoder, Mp3EncoderConfig};

/// The sample rates taken: those of MPEG-2 and 2.5 up to what the SDK sends.
///
/// Higher ones are refused because the encoder would go over to its bit
/// reservoir there, which holds every frame back until the end.
pub const SAMPLE_RATES: [u32; 4] = [8_000, 11_025, 12_000, 16_000];

/// The constant bit rates, in kbit/s, that MPEG-2 and 2.5 have.
pub const BIT_RATES: [u32; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/// Why nothing was encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not one of [`SAMPLE_RATES`].
    SampleRate(u32),
    /// Not one of [`BIT_RATES`].
    BitRate(u32),
    /// The stream has ended, and takes nothing more.
    Finished,
    /// The first frame is known only when the stream has ended.
    NotFinished,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::SampleRate(given) => {
                write!(
                    out,
                    "the sample rate must be one of {SAMPLE_RATES:?} Hz, got {given}"
                )
            }
            Refusal::BitRate(given) => {
                write!(
                    out,
                    "the bit rate must be one of {BIT_RATES:?} kbit/s, got {given}"
                )
            }
            Refusal::Finished => out.write_str("the MP3 stream was finished"),
            Refusal::NotFinished => out.write_str("the MP3 stream is not finished yet"),
        }
    }
}

impl std::error::Error for Refusal {}

/// An MP3 stream being written.
///
/// A file is [`head`](Stream::head), then everything that
/// [`push`](Stream::push) gave, then what [`finish`](Stream::finish) gave. The
/// head comes first in the file and last in time: it holds the number of
/// frames, and how many samples decoders have to cut off at both ends.
pub struct Stream {
    encoder: Mp3Encoder,
    sample_rate: u32,
    head: Head,
}

enum Head {
    /// The encoder's placeholder for it has not come out yet.
    Awaited,
    /// The placeholder was taken out of the stream.
    Dropped,
    Written(Vec<u8>),
}

impl Stream {
    /// Starts a stream.
    pub fn new(sample_rate: u32, kbps: u32) -> Result<Self, Refusal> {
        // The encoder would take the nearest bit rate instead, and nobody would
        // know why the file is larger than was asked for.
        if !BIT_RATES.contains(&kbps) {
            return Err(Refusal::BitRate(kbps));
        }
        if !SAMPLE_RATES.contains(&sample_rate) {
            return Err(Refusal::SampleRate(sample_rate));
        }
        let mut encoder = Mp3Encoder::new(Mp3EncoderConfig {
            bitrate_kbps: kbps,
            vbr_quality: None,
        });
        // The first push settles the format: a take without any sample would be
        // a file of no bytes otherwise.
        encoder
            .push_pcm_s16(&[], 1, sample_rate)
            .map_err(|_| Refusal::SampleRate(sample_rate))?;
        Ok(Stream {
            encoder,
            sample_rate,
            head: Head::Awaited,
        })
    }

    /// Takes mono samples; gives the frames that they completed.
    pub fn push(&mut self, samples: &[i16]) -> Result<Vec<u8>, Refusal> {
        if self.is_finished() {
            return Err(Refusal::Finished);
        }
        self.encoder
            .push_pcm_s16(samples, 1, self.sample_rate)
            .map_err(|_| Refusal::SampleRate(self.sample_rate))?;
        Ok(self.completed())
    }

    /// Ends the stream; gives the last frames.
    pub fn finish(&mut self) -> Result<Vec<u8>, Refusal> {
        if self.is_finished() {
            return Err(Refusal::Finished);
        }
        self.encoder.finish();
        let last = self.completed();
        let head = self.encoder.lame_tag_frame().unwrap_or_default().to_vec();
        self.head = Head::Written(head);
        Ok(last)
    }

    /// The frame to put before all others, once the stream is finished.
    pub fn head(&self) -> Result<&[u8], Refusal> {
        match &self.head {
            Head::Written(head) => Ok(head),
            Head::Awaited | Head::Dropped => Err(Refusal::NotFinished),
        }
    }

    fn is_finished(&self) -> bool {
        matches!(self.head, Head::Written(_))
    }

    fn completed(&mut self) -> Vec<u8> {
        let mut frames = Vec::new();
        while let Ok(frame) = self.encoder.next_packet() {
            if matches!(self.head, Head::Awaited) {
                self.head = Head::Dropped;
            } else {
                frames.extend_from_slice(&frame);
            }
        }
        frames
    }
}
