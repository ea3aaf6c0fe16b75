//! Blobs, and the bytes in them.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, ReadableStream, ReadableStreamByobReader, ReadableStreamReadResult,
};

use super::error::Rejection;
use crate::core::error::Failure;

/// How many bytes are read at a time, at most.
pub const BLOCK_BYTES: usize = 128 * 1024;

#[wasm_bindgen]
extern "C" {
    /// A blob that may have no streams: those of jsdom, in which pages are
    /// tested, have none.
    type AnyBlob;
    #[wasm_bindgen(method, catch)]
    fn stream(this: &AnyBlob) -> Result<ReadableStream, JsValue>;
}

/// Reads a blob.
pub struct Bytes {
    source: Blob,
    at: u64,
    way: Way,
}

/// How bytes are read.
enum Way {
    /// Opening a stream takes a while, and nothing may ever be read.
    Unopened,
    Stream(Stream),
    /// For browsers whose blobs have no such streams.
    Slices,
}

/// One buffer goes to the browser and comes back, again and again. Reading a
/// slice at a time takes five times as long, and leaves a buffer for each to
/// the garbage collector, which is in no hurry.
struct Stream {
    reader: ReadableStreamByobReader,
    /// `None` while the browser has it.
    buffer: Option<ArrayBuffer>,
}

impl Bytes {
    /// Nothing is read yet.
    pub fn of(source: Blob) -> Self {
        Bytes {
            source,
            at: 0,
            way: Way::Unopened,
        }
    }

    /// Reads into `place`, and says how many bytes; none behind the last. A file
    /// that was changed or removed since it was chosen cannot be read any more.
    pub async fn read(&mut self, place: &mut [u8]) -> Result<usize, Rejection> {
        let left = self.source.size() as u64 - self.at;
        let most = place.len().min(BLOCK_BYTES);
        let wanted = left.min(most as u64) as usize;
        if wanted == 0 {
            return Ok(0);
        }
        if matches!(self.way, Way::Unopened) {
            self.way = Stream::of(&self.source).map_or(Way::Slices, Way::Stream);
        }
        let bytes = match &mut self.way {
            Way::Stream(stream) => stream.read(wanted).await?,
            _ => {
                let end = self.at + wanted as u64;
                let block = slice(&self.source, self.at, end)?;
                Uint8Array::new(buffer_of(&block).await?.as_ref())
            }
        };
        let count = bytes.length() as usize;
        if count == 0 || count > wanted {
            return Err(unreadable(JsValue::UNDEFINED));
        }
        bytes.copy_to(&mut place[..count]);
        if let Way::Stream(stream) = &mut self.way {
            stream.buffer = Some(bytes.buffer());
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Stream {
    /// `None` where blobs cannot do that, and throw.
    fn of(source: &Blob) -> Option<Self> {
        let stream = source.unchecked_ref::<AnyBlob>().stream().ok()?;
        Some(Stream {
            reader: ReadableStreamByobReader::new(&stream).ok()?,
            buffer: Some(ArrayBuffer::new(BLOCK_BYTES as u32)),
        })
    }

    async fn read(&mut self, wanted: usize) -> Result<Uint8Array, Rejection> {
        let Some(buffer) = self.buffer.take() else {
            return Err(unreadable(JsValue::UNDEFINED));
        };
        let view = Uint8Array::new_with_byte_offset_and_length(&buffer, 0, wanted as u32);
        let result = JsFuture::from(self.reader.read_with_array_buffer_view(&view))
            .await
            .map_err(unreadable)?;
        let value = result
            .unchecked_into::<ReadableStreamReadResult>()
            .get_value();
        value.dyn_into().map_err(unreadable)
    }
}

/// All of a blob.
pub async fn bytes_of(blob: &Blob) -> Result<Vec<u8>, Rejection> {
    Ok(Uint8Array::new(buffer_of(blob).await?.as_ref()).to_vec())
}

/// All of a blob, for the browser.
pub async fn buffer_of(blob: &Blob) -> Result<ArrayBuffer, Rejection> {
    let buffer = JsFuture::from(blob.array_buffer())
        .await
        .map_err(unreadable)?;
    Ok(buffer.unchecked_into())
}

/// A blob of these parts.
pub fn new_blob(parts: &Array, content_type: &str) -> Result<Blob, Rejection> {
    let properties = BlobPropertyBag::new();
    properties.set_type(content_type);
    Blob::new_with_buffer_source_sequence_and_options(parts, &properties).map_err(unreadable)
}

/// A part of a blob, which takes no copy.
pub fn slice(source: &Blob, start: u64, end: u64) -> Result<Blob, Rejection> {
    source
        .slice_with_f64_and_f64(start as f64, end as f64)
        .map_err(unreadable)
}

/// Bytes that the browser does not give.
fn unreadable(cause: JsValue) -> Rejection {
    Rejection::caused_by(
        Failure::audio("undecodable", "the audio could not be read"),
        cause,
    )
}
