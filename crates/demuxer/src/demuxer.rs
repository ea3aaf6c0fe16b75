//! Demuxes a recording while its bytes arrive.

use std::error::Error;
use std::fmt;

use crate::codec_config::CodecConfig;
use crate::flac::Flac;
use crate::frames::{Frames, Kind};
use crate::matroska::Matroska;
use crate::mp4::Mp4;
use crate::ogg::Ogg;
use crate::reader::{LossRecord, RawPacket, Reader, Step};
use crate::riff::Riff;
use crate::source::{ReadError, Source};

/// The number of bytes that are requested at a time, if there are as many.
const WINDOW_BYTES: usize = 256 * 1024;

/// The largest number of steps per byte of a file: a packet or a skipped piece takes one or a few.
const STEPS_PER_BYTE: u64 = 2;
const LEAST_STEPS: u64 = 10_000;

/// The largest jump of the container's clock that counts as missing audio, in seconds.
const MOST_JUMP_SECONDS: f64 = 86_400.0;

/// The reason why a recording cannot be demuxed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DemuxError {
    /// The format is unknown here; the recording may be intact.
    Unsupported(String),
    /// The recording is broken.
    Broken(String),
    /// The recording ends before it contains anything that could be decoded.
    Truncated(String),
}

impl fmt::Display for DemuxError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (DemuxError::Unsupported(why) | DemuxError::Broken(why) | DemuxError::Truncated(why)) =
            self;
        formatter.write_str(why)
    }
}

impl Error for DemuxError {}

/// A packet of coded audio.
#[derive(Debug, Clone, PartialEq)]
pub struct Packet {
    /// The data for the decoder; for PCM, the interleaved samples.
    pub data: Vec<u8>,
    /// The start in microseconds, as if nothing were missing before it.
    pub timestamp: f64,
    /// The duration in microseconds, if it is known.
    pub duration: Option<f64>,
}

/// The next event of a demuxer.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Bytes of the file are needed; see [`Demuxer::supply`].
    More {
        /// The start of the bytes.
        at: u64,
        /// The number of bytes.
        length: usize,
    },
    /// The packets that follow have the configuration that [`Demuxer::config`] returns.
    CodecConfig,
    /// A packet.
    Packet(Packet),
    /// The end of the recording.
    End,
}

/// A recording that is being demuxed.
pub struct Demuxer {
    source: Source,
    reader: Box<dyn Reader>,
    losses: LossRecord,
    config: Option<CodecConfig>,
    /// The state of the packet before, which Vorbis needs to know a packet's duration.
    previous: u32,
    asked: usize,
    /// The end of the last packet by the clock of the container.
    end: f64,
    /// The duration of all packets so far.
    seconds: f64,
    bytes: u64,
    size: u64,
    steps: u64,
    is_over: bool,
}

impl Demuxer {
    /// Starts with a file of `total_bytes` in the format `container`: `webm` (any Matroska), `ogg`,
    /// `mp4`, `flac`, `aac` (ADTS), `mp3`, or `wav` (with a codec other than PCM).
    pub fn open(container: &str, total_bytes: u64) -> Result<Self, DemuxError> {
        let reader: Box<dyn Reader> = match container {
            "webm" => Box::new(Matroska::new()),
            "ogg" => Box::new(Ogg::new()),
            "mp4" => Box::new(Mp4::new()),
            "flac" => Box::new(Flac::new()),
            "aac" => Box::new(Frames::new(Kind::Adts)),
            "mp3" => Box::new(Frames::new(Kind::Mp3)),
            "wav" => Box::new(Riff::new()),
            other => return Err(DemuxError::Unsupported(format!("no demuxer for {other}"))),
        };
        Ok(Demuxer {
            source: Source::new(total_bytes),
            reader,
            losses: LossRecord::default(),
            config: None,
            previous: 0,
            asked: 0,
            end: 0.0,
            seconds: 0.0,
            bytes: 0,
            size: total_bytes,
            steps: 0,
            is_over: false,
        })
    }

    /// The codec configuration of the current packets.
    pub fn config(&self) -> Option<&CodecConfig> {
        self.config.as_ref()
    }

    /// Supplies the bytes at `at` that [`Event::More`] asked for. Fewer bytes mean the end of the
    /// file.
    pub fn supply(&mut self, at: u64, bytes: Vec<u8>) {
        self.source.supply(at, self.asked, bytes);
    }

    /// Returns the next event.
    pub fn advance(&mut self) -> Result<Event, DemuxError> {
        while !self.is_over {
            // The limit of steps makes reading end, however a file is damaged.
            self.steps += 1;
            if self.steps
                > STEPS_PER_BYTE
                    .saturating_mul(self.size)
                    .saturating_add(LEAST_STEPS)
            {
                self.losses.ends_early = true;
                self.finish();
                break;
            }
            match self.reader.step(&self.source, &mut self.losses) {
                Ok(Step::Progress) => {}
                Ok(Step::CodecConfig(config)) => {
                    self.config = Some(*config);
                    self.previous = 0;
                    self.losses.tail_trim_seconds = 0.0;
                    return Ok(Event::CodecConfig);
                }
                Ok(Step::RawPacket(packet)) => {
                    if packet.data.is_empty() {
                        continue;
                    }
                    return Ok(Event::Packet(self.packet(packet)));
                }
                Ok(Step::End) => self.finish(),
                Err(ReadError::More { at, length }) => {
                    let rest = usize::try_from(self.source.total().saturating_sub(at));
                    let length = length.max(WINDOW_BYTES).min(rest.unwrap_or(usize::MAX));
                    self.asked = length;
                    return Ok(Event::More { at, length });
                }
                Err(ReadError::Unsupported(why)) => return Err(DemuxError::Unsupported(why)),
                // The audio that was read so far is useful.
                Err(ReadError::End | ReadError::Broken(_)) if self.config.is_some() => {
                    self.losses.ends_early = true;
                    self.finish();
                }
                Err(ReadError::End) => {
                    let why = "it ends before any sound in it".to_owned();
                    return Err(DemuxError::Truncated(why));
                }
                Err(ReadError::Broken(why)) => return Err(DemuxError::Broken(why.to_owned())),
            }
        }
        Ok(Event::End)
    }

    /// The duration of what is missing of the recording that the container promises, in seconds.
    /// Infinite if the file ends in the middle and does not say how much is missing. Complete once
    /// the end was reached.
    pub fn missing_seconds(&self) -> f64 {
        if self.losses.ends_early {
            f64::INFINITY
        } else {
            self.losses.lost_seconds
        }
    }

    /// The duration of the padding at the end of the current configuration, in seconds.
    pub fn tail_trim_seconds(&self) -> f64 {
        self.losses.tail_trim_seconds
    }

    /// The duration of all packets so far, in seconds.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    fn packet(&mut self, packet: RawPacket) -> Packet {
        let config = self.config.as_ref();
        let own = config.and_then(|config| config.seconds(&packet.data, &mut self.previous));
        let seconds = own.or(packet.seconds);
        let start = packet.start.unwrap_or(self.end);
        if self.losses.gap {
            // If the clock was damaged too, the jump is too small.
            let jump = packet.start.map_or(0.0, |start| start - self.end);
            self.lose(jump.max(self.skipped_seconds()));
        }
        let timestamp = self.seconds;
        self.end = start + seconds.unwrap_or(0.0);
        // If a packet does not contain its duration, the start of the next one gives it.
        if self.end < start {
            self.end = start;
        }
        match seconds {
            Some(seconds) => self.seconds += seconds,
            None => self.seconds = self.seconds.max(start),
        }
        self.bytes += packet.data.len() as u64;
        Packet {
            timestamp: (timestamp * 1e6).round(),
            duration: seconds.map(|seconds| (seconds * 1e6).round()),
            data: packet.data,
        }
    }

    fn finish(&mut self) {
        self.is_over = true;
        match self.losses.claimed_end {
            Some(end) => self.lose(end - self.end),
            // Neither this duration nor that of other packets is known.
            None if self.losses.gap && self.bytes == 0 => self.losses.ends_early = true,
            None => self.lose(self.skipped_seconds()),
        }
    }

    fn lose(&mut self, seconds: f64) {
        if seconds > 0.0 && seconds < MOST_JUMP_SECONDS {
            self.losses.lost_seconds += seconds;
        }
        self.losses.gap = false;
        self.losses.gap_bytes = 0;
    }

    /// Returns the possible duration of what was skipped: that of the same number of other bytes.
    fn skipped_seconds(&self) -> f64 {
        match self.bytes {
            0 => 0.0,
            bytes => self.losses.gap_bytes as f64 * self.seconds / bytes as f64,
        }
    }
}
