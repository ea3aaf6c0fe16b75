//! The demuxer as the package's JavaScript sees it.

use js_sys::Error;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::coding::Coding;
use crate::demuxer::{self, Event, Packet, Refusal};

const END: u8 = 0;
const MORE: u8 = 1;
const CODING: u8 = 2;
const PACKET: u8 = 3;
const SAMPLES: u8 = 4;

/// A recording being taken apart.
#[wasm_bindgen]
pub struct Demuxer {
    inner: demuxer::Demuxer,
    wanted: (u64, usize),
    packet: Option<Packet>,
}

impl Demuxer {
    fn coding(&self) -> Option<&Coding> {
        self.inner.coding()
    }
}

#[wasm_bindgen]
impl Demuxer {
    /// Begins with a file of `total_bytes`.
    #[wasm_bindgen(constructor)]
    pub fn new(container: &str, total_bytes: f64) -> Result<Demuxer, Error> {
        Ok(Demuxer {
            inner: demuxer::Demuxer::open(container, total_bytes as u64).map_err(thrown)?,
            wanted: (0, 0),
            packet: None,
        })
    }

    /// Goes on. Returns 0 at the end, 1 where bytes are wanted, 2 where a coding begins,
    /// 3 with a packet, 4 with samples. A kind that is not known throws a
    /// `NotSupportedError`, a file that ends too early a `TruncatedError`, and a broken
    /// one another `Error`.
    pub fn advance(&mut self) -> Result<u8, Error> {
        Ok(match self.inner.advance().map_err(thrown)? {
            Event::End => END,
            Event::More { at, length } => {
                self.wanted = (at, length);
                MORE
            }
            Event::Coding => CODING,
            Event::Packet(packet) => {
                self.packet = Some(packet);
                match self.coding().is_some_and(|coding| coding.pcm.is_some()) {
                    true => SAMPLES,
                    false => PACKET,
                }
            }
        })
    }

    /// Where the wanted bytes start.
    #[wasm_bindgen(getter, js_name = wantedAt)]
    pub fn wanted_at(&self) -> f64 {
        self.wanted.0 as f64
    }

    /// Where they end.
    #[wasm_bindgen(getter, js_name = wantedEnd)]
    pub fn wanted_end(&self) -> f64 {
        self.wanted.0 as f64 + self.wanted.1 as f64
    }

    /// Hands in the wanted bytes; fewer are the end of the file.
    pub fn supply(&mut self, bytes: Vec<u8>) {
        self.inner.supply(self.wanted.0, bytes);
    }

    /// The codec string of WebCodecs.
    #[wasm_bindgen(getter)]
    pub fn codec(&self) -> Option<String> {
        self.coding().map(|coding| coding.codec.clone())
    }

    /// In Hz.
    #[wasm_bindgen(getter, js_name = sampleRate)]
    pub fn sample_rate(&self) -> u32 {
        self.coding().map_or(0, |coding| coding.sample_rate)
    }

    /// How many channels there are.
    #[wasm_bindgen(getter)]
    pub fn channels(&self) -> u32 {
        self.coding().map_or(0, |coding| coding.channels)
    }

    /// What the decoder needs before the first packet.
    #[wasm_bindgen(getter)]
    pub fn description(&self) -> Option<Vec<u8>> {
        self.coding().and_then(|coding| coding.description.clone())
    }

    /// How much of the start of this coding is filling, in seconds.
    #[wasm_bindgen(getter, js_name = headTrimSeconds)]
    pub fn head_trim_seconds(&self) -> f64 {
        self.coding().map_or(0.0, |coding| coding.head_trim_seconds)
    }

    /// How much of the end of this coding is filling, in seconds, as far as it was read.
    #[wasm_bindgen(getter, js_name = tailTrimSeconds)]
    pub fn tail_trim_seconds(&self) -> f64 {
        self.inner.tail_trim_seconds()
    }

    /// When the packet starts, in microseconds.
    #[wasm_bindgen(getter)]
    pub fn timestamp(&self) -> f64 {
        self.packet.as_ref().map_or(0.0, |packet| packet.timestamp)
    }

    /// How long the packet is, in microseconds.
    #[wasm_bindgen(getter)]
    pub fn duration(&self) -> Option<f64> {
        self.packet.as_ref().and_then(|packet| packet.duration)
    }

    /// The packet's data.
    pub fn data(&mut self) -> Vec<u8> {
        let packet = self.packet.as_mut();
        packet.map_or_else(Vec::new, |packet| std::mem::take(&mut packet.data))
    }

    /// The packet's samples, interleaved, full scale being ±1.
    pub fn samples(&mut self) -> Vec<f32> {
        let data = self.data();
        let pcm = self.coding().and_then(|coding| coding.pcm);
        pcm.map_or_else(Vec::new, |pcm| pcm.decode(&data))
    }

    /// How much the container promises that is missing, in seconds; infinity where
    /// that is not known. Complete behind the end.
    #[wasm_bindgen(getter, js_name = missingSeconds)]
    pub fn missing_seconds(&self) -> f64 {
        self.inner.missing_seconds()
    }

    /// How long all packets so far are, in seconds.
    #[wasm_bindgen(getter)]
    pub fn seconds(&self) -> f64 {
        self.inner.seconds()
    }
}

fn thrown(refusal: Refusal) -> Error {
    let error = Error::new(&refusal.to_string());
    match refusal {
        // The name that AudioDecoder gives to the same.
        Refusal::Unsupported(_) => error.set_name("NotSupportedError"),
        Refusal::Truncated(_) => error.set_name("TruncatedError"),
        Refusal::Broken(_) => {}
    }
    error
}
