//! Takes a recording apart, as its bytes come.

use std::error::Error;
use std::fmt;

use crate::coding::Coding;
use crate::flac::Flac;
use crate::frames::{Frames, Kind};
use crate::matroska::Matroska;
use crate::mp4::Mp4;
use crate::ogg::Ogg;
use crate::reader::{Ledger, Piece, Reader, Step};
use crate::riff::Riff;
use crate::source::{Pause, Source};

/// How many bytes are asked for at a time, if there are as many.
const WINDOW_BYTES: usize = 256 * 1024;

/// How many steps a file may take: for a packet or a piece that is skipped, one or a few.
const STEPS_PER_BYTE: u64 = 2;
const LEAST_STEPS: u64 = 10_000;

/// A jump of the container's clock that is believed to be missing sound, in seconds.
const MOST_JUMP_SECONDS: f64 = 86_400.0;

/// Why a recording cannot be taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It may be whole, but is of a kind that is not known here.
    Unsupported(String),
    /// It is broken.
    Broken(String),
    /// It ends before there is anything in it that could be decoded.
    Truncated(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Refusal::Unsupported(why) | Refusal::Broken(why) | Refusal::Truncated(why)) = self;
        formatter.write_str(why)
    }
}

impl Error for Refusal {}

/// One coded piece of sound.
#[derive(Debug, Clone, PartialEq)]
pub struct Packet {
    /// For the decoder; of PCM, the interleaved samples.
    pub data: Vec<u8>,
    /// When it starts, in microseconds, as if nothing were missing before it.
    pub timestamp: f64,
    /// How long it is, in microseconds, if that is known.
    pub duration: Option<f64>,
}

/// The next thing that happens.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Bytes of the file are needed; see [`Demuxer::supply`].
    More {
        /// Where they start.
        at: u64,
        /// How many there are.
        length: usize,
    },
    /// The packets that follow are coded as [`Demuxer::coding`] says.
    Coding,
    /// A packet.
    Packet(Packet),
    /// There is nothing more.
    End,
}

/// A recording being taken apart.
pub struct Demuxer {
    source: Source,
    reader: Box<dyn Reader>,
    ledger: Ledger,
    coding: Option<Coding>,
    /// The state of the packet before, which Vorbis needs to know a packet's length.
    previous: u32,
    asked: usize,
    /// By the clock of the container, when the last packet ended.
    end: f64,
    /// Of all packets so far.
    seconds: f64,
    bytes: u64,
    size: u64,
    steps: u64,
    is_over: bool,
}

impl Demuxer {
    /// Begins with a file of `total_bytes` of the kind `container`: `webm` (any
    /// Matroska), `ogg`, `mp4`, `flac`, `aac` (ADTS), `mp3`, or `wav` (with something
    /// else than PCM in it).
    pub fn open(container: &str, total_bytes: u64) -> Result<Self, Refusal> {
        let reader: Box<dyn Reader> = match container {
            "webm" => Box::new(Matroska::new()),
            "ogg" => Box::new(Ogg::new()),
            "mp4" => Box::new(Mp4::new()),
            "flac" => Box::new(Flac::new()),
            "aac" => Box::new(Frames::new(Kind::Adts)),
            "mp3" => Box::new(Frames::new(Kind::Mp3)),
            "wav" => Box::new(Riff::new()),
            other => return Err(Refusal::Unsupported(format!("no demuxer for {other}"))),
        };
        Ok(Demuxer {
            source: Source::new(total_bytes),
            reader,
            ledger: Ledger::default(),
            coding: None,
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

    /// The coding of the packets that come now.
    pub fn coding(&self) -> Option<&Coding> {
        self.coding.as_ref()
    }

    /// Hands in the bytes at `at` that [`Event::More`] asked for; fewer are the end of
    /// the file.
    pub fn supply(&mut self, at: u64, bytes: Vec<u8>) {
        self.source.supply(at, self.asked, bytes);
    }

    /// Returns what comes next.
    pub fn advance(&mut self) -> Result<Event, Refusal> {
        while !self.is_over {
            // A limit of steps, so that reading ends, however a file is damaged.
            self.steps += 1;
            if self.steps
                > STEPS_PER_BYTE
                    .saturating_mul(self.size)
                    .saturating_add(LEAST_STEPS)
            {
                self.ledger.ends_early = true;
                self.finish();
                break;
            }
            match self.reader.step(&self.source, &mut self.ledger) {
                Ok(Step::Progress) => {}
                Ok(Step::Coding(coding)) => {
                    self.coding = Some(*coding);
                    self.previous = 0;
                    self.ledger.tail_trim_seconds = 0.0;
                    return Ok(Event::Coding);
                }
                Ok(Step::Piece(piece)) => {
                    if piece.data.is_empty() {
                        continue;
                    }
                    return Ok(Event::Packet(self.packet(piece)));
                }
                Ok(Step::End) => self.finish(),
                Err(Pause::More { at, length }) => {
                    let rest = usize::try_from(self.source.total().saturating_sub(at));
                    let length = length.max(WINDOW_BYTES).min(rest.unwrap_or(usize::MAX));
                    self.asked = length;
                    return Ok(Event::More { at, length });
                }
                Err(Pause::Unsupported(why)) => return Err(Refusal::Unsupported(why)),
                // The sound that was read so far is of use.
                Err(Pause::End | Pause::Broken(_)) if self.coding.is_some() => {
                    self.ledger.ends_early = true;
                    self.finish();
                }
                Err(Pause::End) => {
                    let why = "it ends before any sound in it".to_owned();
                    return Err(Refusal::Truncated(why));
                }
                Err(Pause::Broken(why)) => return Err(Refusal::Broken(why.to_owned())),
            }
        }
        Ok(Event::End)
    }

    /// How much is missing of what the container promises, in seconds: infinity where
    /// the file ends in the middle and nothing says of how much. Complete behind the
    /// end.
    pub fn missing_seconds(&self) -> f64 {
        match self.ledger.ends_early {
            true => f64::INFINITY,
            false => self.ledger.lost_seconds,
        }
    }

    /// How much of the end of the current coding is filling, in seconds.
    pub fn tail_trim_seconds(&self) -> f64 {
        self.ledger.tail_trim_seconds
    }

    /// How long all packets so far are, in seconds.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    fn packet(&mut self, piece: Piece) -> Packet {
        let coding = self.coding.as_ref();
        let own = coding.and_then(|coding| coding.seconds(&piece.data, &mut self.previous));
        let seconds = own.or(piece.seconds);
        let start = piece.start.unwrap_or(self.end);
        if self.ledger.gap {
            // Where the clock was damaged too, it says too little.
            let jump = piece.start.map_or(0.0, |start| start - self.end);
            self.lose(jump.max(self.skipped_seconds()));
        }
        let timestamp = self.seconds;
        self.end = start + seconds.unwrap_or(0.0);
        // Where a packet does not say how long it is, the next one does.
        if self.end < start {
            self.end = start;
        }
        match seconds {
            Some(seconds) => self.seconds += seconds,
            None => self.seconds = self.seconds.max(start),
        }
        self.bytes += piece.data.len() as u64;
        Packet {
            timestamp: (timestamp * 1e6).round(),
            duration: seconds.map(|seconds| (seconds * 1e6).round()),
            data: piece.data,
        }
    }

    fn finish(&mut self) {
        self.is_over = true;
        match self.ledger.claimed_end {
            Some(end) => self.lose(end - self.end),
            // Nothing is known of its length, nor of that of others.
            None if self.ledger.gap && self.bytes == 0 => self.ledger.ends_early = true,
            None => self.lose(self.skipped_seconds()),
        }
    }

    fn lose(&mut self, seconds: f64) {
        if seconds > 0.0 && seconds < MOST_JUMP_SECONDS {
            self.ledger.lost_seconds += seconds;
        }
        self.ledger.gap = false;
        self.ledger.gap_bytes = 0;
    }

    /// How long what was skipped may have been: as long as as many other bytes.
    fn skipped_seconds(&self) -> f64 {
        match self.bytes {
            0 => 0.0,
            bytes => self.ledger.gap_bytes as f64 * self.seconds / bytes as f64,
        }
    }
}
