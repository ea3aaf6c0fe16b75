//! Takes a recording apart.

use std::error::Error;
use std::fmt;
use std::io::{Cursor, ErrorKind};

use symphonia_bundle_flac::FlacReader;
use symphonia_codec_aac::AdtsReader;
use symphonia_core::codecs::CodecParameters;
use symphonia_core::errors::Error as Problem;
use symphonia_core::formats::probe::ProbeableFormat;
use symphonia_core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia_core::io::MediaSourceStream;
use symphonia_core::units::{TimeBase, Timestamp};
use symphonia_format_isomp4::IsoMp4Reader;
use symphonia_format_mkv::MkvReader;
use symphonia_format_ogg::OggReader;

use crate::coding::Coding;

/// Why a recording cannot be taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It may be whole, but is of a kind that is not known here.
    Unsupported(String),
    /// It is broken.
    Broken(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Refusal::Unsupported(why) | Refusal::Broken(why)) = self;
        formatter.write_str(why)
    }
}

impl Error for Refusal {}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        match problem {
            // What symphonia calls unsupported is mostly a file without its index.
            Problem::Unsupported(what) | Problem::DecodeError(what) => {
                Refusal::Broken(what.to_owned())
            }
            // A second recording behind the first, by another microphone perhaps.
            Problem::ResetRequired => unsupported("the tracks change in the middle"),
            other => Refusal::Broken(other.to_string()),
        }
    }
}

/// One coded piece of sound.
#[derive(Debug, Clone, PartialEq)]
pub struct Packet {
    /// What the decoder takes.
    pub data: Box<[u8]>,
    /// When it starts, in microseconds.
    pub timestamp: f64,
    /// How long it is, in microseconds, if the container says so.
    pub duration: Option<f64>,
}

/// A recording being taken apart.
pub struct Demuxer {
    reader: Box<dyn FormatReader>,
    track: u32,
    time_base: Option<TimeBase>,
    coding: Coding,
}

impl Demuxer {
    /// Opens the recording in `bytes`, a file of the kind `container`: `webm`
    /// (any Matroska), `ogg`, `mp4`, `flac`, or `aac` (ADTS).
    pub fn open(bytes: Vec<u8>, container: &str) -> Result<Self, Refusal> {
        let source = MediaSourceStream::new(Box::new(Cursor::new(bytes)), Default::default());
        let open = match container {
            "webm" => MkvReader::try_probe_new,
            "ogg" => OggReader::try_probe_new,
            "mp4" => IsoMp4Reader::try_probe_new,
            "flac" => FlacReader::try_probe_new,
            "aac" => AdtsReader::try_probe_new,
            _ => return Err(unsupported(&format!("no demuxer for {container}"))),
        };
        let reader: Box<dyn FormatReader> = open(source, FormatOptions::default())?;
        let track = reader.default_track(TrackType::Audio).ok_or_else(|| {
            match reader.tracks().is_empty() {
                true => Refusal::Broken("no track in it".to_owned()),
                false => unsupported("no track of a known audio codec in it"),
            }
        })?;
        let Some(CodecParameters::Audio(parameters)) = &track.codec_params else {
            return Err(unsupported("no track of a known audio codec in it"));
        };
        let coding =
            Coding::of(parameters).ok_or_else(|| unsupported("its audio codec is not known"))?;
        Ok(Demuxer {
            track: track.id,
            time_base: track.time_base,
            coding,
            reader,
        })
    }

    /// What a decoder of the packets has to be told.
    pub fn coding(&self) -> &Coding {
        &self.coding
    }

    /// The next packet; `None` behind the last.
    pub fn next_packet(&mut self) -> Result<Option<Packet>, Refusal> {
        loop {
            let packet = match self.reader.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => return Ok(None),
                // Recorders do not know where the file will end, so the end of
                // the bytes is the only end that such a file has.
                Err(Problem::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => {
                    return Ok(None);
                }
                Err(problem) => return Err(problem.into()),
            };
            if packet.track_id != self.track || packet.data.is_empty() {
                continue;
            }
            let duration = self.microseconds(packet.dur.get() as f64);
            return Ok(Some(Packet {
                timestamp: self.timestamp(packet.pts),
                duration: (duration > 0.0).then_some(duration),
                data: packet.data,
            }));
        }
    }

    fn timestamp(&self, at: Timestamp) -> f64 {
        self.microseconds(at.get() as f64)
    }

    fn microseconds(&self, ticks: f64) -> f64 {
        self.time_base.map_or(0.0, |base| {
            (ticks * 1e6 * f64::from(base.numer.get()) / f64::from(base.denom.get())).round()
        })
    }
}

fn unsupported(why: &str) -> Refusal {
    Refusal::Unsupported(why.to_owned())
}
