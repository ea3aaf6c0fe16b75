//! Encodes a stream of samples as a stream of MP3 frames.

use std::fmt;

use rusty_mp3::{Mp3Encoder, Mp3EncoderConfig};

/// The accepted sample rates: those of MPEG-2 and 2.5 up to what the SDK sends.
///
/// Higher rates are rejected, because the encoder would use its bit reservoir there, which holds
/// every frame back until the end.
pub const SAMPLE_RATES: [u32; 4] = [8_000, 11_025, 12_000, 16_000];

/// The constant bit rates of MPEG-2 and 2.5, in kbit/s.
pub const BIT_RATES: [u32; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/// The reason why nothing was encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodeError {
    /// The sample rate is not one of [`SAMPLE_RATES`].
    SampleRate(u32),
    /// The bit rate is not one of [`BIT_RATES`].
    BitRate(u32),
    /// The stream has ended, and accepts no more samples.
    Finished,
    /// The first frame is known only when the stream has ended.
    NotFinished,
}

impl fmt::Display for EncodeError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EncodeError::SampleRate(given) => {
                write!(
                    out,
                    "the sample rate must be one of {SAMPLE_RATES:?} Hz, got {given}"
                )
            }
            EncodeError::BitRate(given) => {
                write!(
                    out,
                    "the bit rate must be one of {BIT_RATES:?} kbit/s, got {given}"
                )
            }
            EncodeError::Finished => out.write_str("the MP3 stream was finished"),
            EncodeError::NotFinished => out.write_str("the MP3 stream is not finished yet"),
        }
    }
}

impl std::error::Error for EncodeError {}

/// An MP3 stream that is being written.
///
/// A file is [`head`](Stream::head), then all results of [`push`](Stream::push), then that of
/// [`finish`](Stream::finish). The head is the first part of the file, but is known last. It holds
/// the number of frames, and the number of samples that decoders have to cut off at both ends.
pub struct Stream {
    encoder: Mp3Encoder,
    sample_rate: u32,
    head: Head,
}

enum Head {
    /// The encoder has not returned its placeholder for the head yet.
    Awaited,
    /// The placeholder was removed from the stream.
    Dropped,
    Written(Vec<u8>),
}

impl Stream {
    /// Starts a stream.
    pub fn new(sample_rate: u32, kbps: u32) -> Result<Self, EncodeError> {
        // The encoder would use the nearest bit rate instead, and the file would be larger than
        // expected without an explanation.
        if !BIT_RATES.contains(&kbps) {
            return Err(EncodeError::BitRate(kbps));
        }
        if !SAMPLE_RATES.contains(&sample_rate) {
            return Err(EncodeError::SampleRate(sample_rate));
        }
        let mut encoder = Mp3Encoder::new(Mp3EncoderConfig {
            bitrate_kbps: kbps,
            vbr_quality: None,
        });
        // The first push determines the format. Otherwise, a recording without any sample would be
        // a file of no bytes.
        encoder
            .push_pcm_s16(&[], 1, sample_rate)
            .map_err(|_| EncodeError::SampleRate(sample_rate))?;
        Ok(Stream {
            encoder,
            sample_rate,
            head: Head::Awaited,
        })
    }

    /// Encodes mono samples, and returns the frames that they completed.
    pub fn push(&mut self, samples: &[i16]) -> Result<Vec<u8>, EncodeError> {
        if self.is_finished() {
            return Err(EncodeError::Finished);
        }
        self.encoder
            .push_pcm_s16(samples, 1, self.sample_rate)
            .map_err(|_| EncodeError::SampleRate(self.sample_rate))?;
        Ok(self.completed())
    }

    /// Ends the stream, and returns the last frames.
    pub fn finish(&mut self) -> Result<Vec<u8>, EncodeError> {
        if self.is_finished() {
            return Err(EncodeError::Finished);
        }
        self.encoder.finish();
        let last = self.completed();
        let head = self.encoder.lame_tag_frame().unwrap_or_default().to_vec();
        self.head = Head::Written(head);
        Ok(last)
    }

    /// Returns the frame to put before all others, once the stream is finished.
    pub fn head(&self) -> Result<&[u8], EncodeError> {
        match &self.head {
            Head::Written(head) => Ok(head),
            Head::Awaited | Head::Dropped => Err(EncodeError::NotFinished),
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
